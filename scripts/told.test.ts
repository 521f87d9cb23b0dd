import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const SERVER = ['apps/server/src/**/*.ts', 'packages/contract/src/**/*.ts']

function textOf(pattern: string | string[]): string {
  return globSync(pattern, { cwd: ROOT })
    .filter((path) => !path.endsWith('.test.ts'))
    .map((path) => readFileSync(join(ROOT, path), 'utf8'))
    .join('\n')
}

test('what the console tells in German is what the server says in English: a sentence that has changed would be shown in English', () => {
  const told = textOf('apps/console/src/**/*-told.ts')
  const sentences = [...told.matchAll(/\[\s*'([^']+)',\s*'/g)].map(([, english = '']) => english)
  const server = textOf(SERVER)

  const unknown = sentences.filter((sentence) =>
    sentence.split('{}').some((piece) => !isSaid(server, piece.trim())),
  )

  expect(sentences.length).toBeGreaterThan(40)
  expect(unknown).toEqual([])
})

/** The server says it in one piece, or puts it together from two. */
function isSaid(server: string, piece: string): boolean {
  const words = piece.split(/(?=[ ,])/)
  return words.some((_, at) =>
    [words.slice(0, at), words.slice(at)].every((part) => server.includes(part.join('').trim())),
  )
}
