import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const documents = ['*.md', 'docs/**/*.md', 'bench/*.md'].flatMap((glob) =>
  globSync(glob, { cwd: root }),
)
const sources = globSync('{apps,packages,e2e,scripts,bench}/**/*.{ts,tsx,mjs}', {
  cwd: root,
  exclude: (path) => path.includes('node_modules'),
})
const pictures = globSync('docs/images/*.png', { cwd: root })

test.each(documents)('%s: every link leads to a file or a heading that exists', (document) => {
  expect(linksOf(document).filter((link) => !leadsSomewhere(document, link))).toEqual([])
})

test('every document that a source names exists', () => {
  const named = sources.flatMap((source) =>
    [...read(source).matchAll(/\b(?:README|ARCHITECTURE|CONTRIBUTING|docs\/[\w/-]+)\.md\b/g)].map(
      ([path]) => path,
    ),
  )
  expect([...new Set(named)].filter((path) => !existsSync(join(root, path)))).toEqual([])
})

test('every `npm run` of a document is a script', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  const named = documents.flatMap((document) =>
    [...read(document).matchAll(/\bnpm run ([\w:-]+)/g)].map(([, script = '']) => script),
  )
  expect([...new Set(named)].filter((script) => !(script in scripts))).toEqual([])
})

test('every picture is shown by a document', () => {
  const shown = new Set(
    documents.flatMap((document) => linksOf(document).map((link) => join(dirname(document), link))),
  )
  expect(pictures.filter((picture) => !shown.has(picture))).toEqual([])
})

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** Without blocks of code, in which brackets are code. */
function linksOf(document: string): string[] {
  const text = read(document)
    .replaceAll(/^ *```[^]*?^ *```/gm, '')
    .replaceAll(/`[^`\n]+`/g, '')
  const links = [...text.matchAll(/\]\(([^)\s]+)\)|\b(?:src|href)="([^"]+)"/g)].map(
    ([, link, attribute]) => link ?? attribute ?? '',
  )
  return links.filter((link) => !/^(?:https?|mailto):/.test(link))
}

function leadsSomewhere(from: string, link: string): boolean {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? from : join(dirname(from), path)
  if (!existsSync(join(root, target))) return false
  return anchor === undefined || headingsOf(target).includes(anchor)
}

/** Headings as GitHub names them in addresses. */
function headingsOf(document: string): string[] {
  return [...read(document).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  )
}
