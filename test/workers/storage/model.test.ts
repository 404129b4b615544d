import { storageRandomWalk } from '../../support/storage-random-walk.ts'

const walks = 40
const stepsPerWalk = 1000

describe('storage actor against the model of spec 02', () => {
  it(`stays the same over ${walks} random walks of ${stepsPerWalk} steps`, async () => {
    for (let seed = 1; seed <= walks; seed++) await storageRandomWalk(seed, stepsPerWalk)
  })
})
