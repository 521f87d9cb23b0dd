import { globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { floors } from '../oxlint.config.ts'
import { missingEntries } from './complete-lock.ts'

const root = join(import.meta.dirname, '..')

/** Sources as `{ file, line, text }`, comments left out: what oxlint has no rule for is looked for in these. */
function sourceLines(pattern: string) {
  return globSync(pattern, { cwd: root })
    .filter((file) => !file.includes('node_modules'))
    .flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .map((text, index) => ({ at: `${file}:${index + 1}`, text: text.trim() })),
    )
    .filter(({ text }) => !/^(\/\/|\/?\*)/.test(text))
}

const server = sourceLines('apps/server/src/**/*.ts')
const product = [
  ...server,
  ...sourceLines('apps/cli/src/**/*.ts'),
  ...sourceLines('packages/contract/src/**/*.ts'),
]

function placesOf(lines: typeof product, pattern: RegExp) {
  return lines.filter(({ text }) => pattern.test(text)).map(({ at, text }) => `${at} ${text}`)
}

test('every room of the server has its floor in oxlint.config.ts', () => {
  const rooms = readdirSync(join(root, 'apps/server/src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)

  expect(floors.flat()).toEqual(expect.arrayContaining(rooms))
})

test('every room of the server has a front door', () => {
  const doors = new Set(globSync('apps/server/src/*/index.ts', { cwd: root }))
  const rooms = readdirSync(join(root, 'apps/server/src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `apps/server/src/${name}/index.ts`)

  expect(rooms.filter((door) => !doors.has(door))).toEqual([])
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
  expect(placesOf(product, /^export const \w+ = (async )?(\(|<\w+>\(|\w+ =>)/)).toEqual([])
})

test('no error is swallowed', () => {
  expect(
    placesOf(
      product,
      /\.catch\(\(\w*\) => (\{\s*\}|undefined|null|void 0)\)|catch (\(\w+\) )?\{\s*\}/,
    ),
  ).toEqual([])
})

test('no file is called after nothing in particular', () => {
  const vague = /(^|[/-])(manager|helpers?|utils?|data|info|misc|common|handle|process)\.tsx?$/

  expect(
    [...new Set(product.map(({ at }) => at.split(':')[0] ?? ''))].filter((file) =>
      vague.test(file),
    ),
  ).toEqual([])
})

test('the lockfile holds the packages of every platform, and no address to fetch them from', () => {
  const text = readFileSync(join(root, 'package-lock.json'), 'utf8')

  expect(missingEntries(JSON.parse(text).packages)).toEqual({})
  expect(text).not.toMatch(/"resolved": "\w+:/)
})
