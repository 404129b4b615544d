import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { projectRoot } from '../support/paths.ts'

const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...markdownIn('docs')]

function markdownIn(folder: string): string[] {
  return readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.md'))
    .map(name => join(folder, name))
}

function textOf(page: string): string {
  return readFileSync(join(projectRoot, page), 'utf8').replaceAll(/```[\s\S]*?```/g, '')
}

/** Headings as links name them. */
function anchorsOf(page: string): string[] {
  return [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-')
  )
}

describe('project: links in the documents', () => {
  for (const page of pages) {
    it(page, () => {
      const dead: string[] = []
      for (const [, link] of textOf(page).matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^(https?|mailto):/.test(link!)) continue
        const [path = '', anchor] = link!.split('#')
        const target = path === '' ? page : join(dirname(page), path)
        if (!existsSync(join(projectRoot, target))) dead.push(link!)
        else if (anchor !== undefined && !anchorsOf(target).includes(anchor)) dead.push(link!)
      }
      expect(dead).to.deep.equal([])
    })
  }
})
