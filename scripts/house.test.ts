import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { floors } from '../oxlint.config.ts'
import { missingEntries } from './complete-lock.ts'

const root = join(import.meta.dirname, '..')

interface Place {
  at: string
  text: string
  /** The line above. */
  above: string
}

const isComment = (text: string) => /^(\/\/|\/?\*)/.test(text)

/** Lines of code: what oxlint has no rule for is looked for in these. */
function sourceLines(pattern: string): Place[] {
  return globSync(pattern, { cwd: root })
    .filter((file) => !file.includes('node_modules'))
    .flatMap((file) => {
      const lines = readFileSync(join(root, file), 'utf8').split('\n')
      return lines.map((text, index) => ({
        at: `${file}:${index + 1}`,
        text: text.trim(),
        above: (lines[index - 1] ?? '').trim(),
      }))
    })
    .filter(({ text }) => !isComment(text))
}

function rooms(): string[] {
  return readdirSync(join(root, 'apps/server/src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
}

const server = sourceLines('apps/server/src/**/*.ts')
const productLines = [
  ...server,
  ...sourceLines('apps/cli/src/**/*.ts'),
  ...sourceLines('packages/contract/src/**/*.ts'),
]

function placesOf(lines: Place[], pattern: RegExp) {
  return lines.filter(({ text }) => pattern.test(text)).map(({ at, text }) => `${at} ${text}`)
}

test('every room of the server has its floor in oxlint.config.ts, and its line in ARCHITECTURE.md', () => {
  const known = floors.flat()
  const described = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')

  expect(rooms().filter((room) => !known.includes(room))).toEqual([])
  expect(rooms().filter((room) => !described.includes(`  ${room}/ `))).toEqual([])
})

test('every room of the server has a front door', () => {
  const withoutDoor = rooms().filter(
    (room) => !existsSync(join(root, 'apps/server/src', room, 'index.ts')),
  )

  expect(withoutDoor).toEqual([])
})

test('only the kernel reads the time or waits for it', () => {
  const outside = server.filter(
    ({ at }) => !at.startsWith('apps/server/src/kernel/') && !at.includes('.test.ts'),
  )

  expect(
    placesOf(outside, /new Date\(\)|globalThis\.set(Timeout|Interval)|\bnode:timers\b/),
  ).toEqual([])
})

test('functions are exported as functions', () => {
  expect(placesOf(productLines, /^export const \w+ = (async )?(\(|<\w+>\(|\w+ =>)/)).toEqual([])
})

test('an error is ignored only under a comment that says why', () => {
  const ignored = /\.catch\(\(\w*\) => (\{\s*\}|undefined|null|void 0)\)|catch (\(\w+\) )?\{\s*\}/
  const product = productLines.filter(({ at }) => !at.includes('.test.ts'))

  expect(
    placesOf(
      product.filter(({ above }) => !isComment(above)),
      ignored,
    ),
  ).toEqual([])
})

test('no file is called after nothing in particular', () => {
  const vague = /(^|[/-])(manager|helpers?|utils?|data|info|misc|common|handle|process)\.tsx?$/

  expect(
    [...new Set(productLines.map(({ at }) => at.split(':')[0] ?? ''))].filter((file) =>
      vague.test(file),
    ),
  ).toEqual([])
})

test('the lockfile holds the packages of every platform, and no address to fetch them from', () => {
  const text = readFileSync(join(root, 'package-lock.json'), 'utf8')

  expect(missingEntries(JSON.parse(text).packages)).toEqual({})
  expect(text).not.toMatch(/"resolved": "\w+:/)
})
