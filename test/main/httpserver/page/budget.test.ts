import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { expect } from 'chai'

const budgetBytes = 80 * 1024
const folder = join(dirname(fileURLToPath(import.meta.url)), '../../../../main/httpserver/page')

describe('page: what was built', () => {
  let names: readonly string[]
  before(() => {
    names = readdirSync(folder)
    if (!names.includes('index.html')) throw new Error('the page was not built: npm run build')
  })

  it('is at most 80 kB, gzipped, in all', () => {
    const gzipped = names.filter(name => name.endsWith('.gz'))
    expect(gzipped).to.have.length(3)
    expect(gzipped.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)).to.be.below(budgetBytes)
  })

  it('is one script and one style sheet with hashes in their names, each compressed twice, and nothing inline', () => {
    const plain = names.filter(name => /^page-[A-Z0-9]{8}\.(js|css)$/.test(name))
    expect(plain.map(name => name.slice(name.lastIndexOf('.'))).sort()).to.deep.equal(['.css', '.js'])
    const index = readFileSync(join(folder, 'index.html'), 'utf8')
    for (const name of [...plain, 'index.html']) {
      const bytes = readFileSync(join(folder, name))
      expect(gunzipSync(readFileSync(join(folder, `${name}.gz`))).equals(bytes), name).to.equal(true)
      expect(brotliDecompressSync(readFileSync(join(folder, `${name}.br`))).equals(bytes), name).to.equal(true)
      if (name !== 'index.html') expect(index).to.contain(`"/page/${name}"`)
    }
    expect(index).to.not.match(/<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=/)
  })
})
