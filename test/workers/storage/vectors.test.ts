import { StorageFixture } from '../../support/storage-fixture.ts'
import { playVector, storageVectors } from '../../support/storage-vectors.ts'

describe('storage actor: the recorded behaviour of the original', () => {
  for (const vector of storageVectors) {
    for (const way of ['commands', 'batches'] as const) {
      it(`${vector.name}, as ${way}`, async () => {
        const { intervals, minDistance: minDistanceSeconds } = vector
        await playVector(vector, new StorageFixture({ intervals, minDistanceSeconds }).peer, way)
      })
    }
  }
})
