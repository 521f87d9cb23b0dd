import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { afterEach, expect, test, vi } from 'vitest'

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
  const sentences = [...told.matchAll(/\[\s*(?:'([^']+)'|"([^"]+)"),\s*'/g)].map(
    ([, english, quoted]) => english ?? quoted ?? '',
  )
  const server = textOf(SERVER)

  const unknown = sentences.filter((sentence) =>
    sentence.split('{}').some((piece) => !isSaid(server, piece.trim())),
  )

  expect(sentences.length).toBeGreaterThan(200)
  expect(unknown).toEqual([])
})

/** The server says it in one piece, or puts it together from two. */
function isSaid(server: string, piece: string): boolean {
  const words = piece.split(/(?=[ ,])/)
  return words.some((_, at) =>
    [words.slice(0, at), words.slice(at)].every((part) => server.includes(part.join('').trim())),
  )
}

const LITERAL = /(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/.source
const RULE = new RegExp(`(?<=\\bmessage(?:: | = |: \\(\\) => | = \\([^)]*\\) => ))${LITERAL}`, 'g')
const VERB = /^(must|may|is|has|cannot|needs) ./
const REFUSED = new RegExp(
  `(?:\\b(?:invalid|conflicting|invalidPeriod)\\(\\s*[^,]+|'(?:conflict|invalid_request)'),\\s*${LITERAL}`,
  'g',
)

/** What only other clients than the console ask for, what pages never send wrong, and sentences that begin with another one's. */
const NOT_OF_FORMS =
  /^apps\/server\/src\/(wire|base|server\/(operator|platform)|faas\/context-store|bots\/builder-(file|bots\/stored)|bots\/bot-(chat|messaging)|identity\/credentials\/app-tokens|edge\/updates|edge\/conversations|faas\/metrics|messaging\/files\/serve-)/

/** Sentences of the sources, with `7` for what differs. Examples of payloads have messages, too. */
function refusedIn(pattern: string, found: (text: string) => Iterable<RegExpMatchArray>): string[] {
  return globSync(pattern, { cwd: ROOT })
    .filter((path) => !/\.(test|fixture|contract)\.ts$|contract\/src\/events\//.test(path))
    .filter((path) => !NOT_OF_FORMS.test(path) && !path.endsWith('broken-rules.ts'))
    .flatMap((path) => [...found(readFileSync(join(ROOT, path), 'utf8'))])
    .map(([, single, double, template]) => single ?? double ?? template ?? '')
    .map((sentence) => sentence.replaceAll(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '7'))
    .filter((sentence) => /[a-z]{2}/.test(sentence))
}

/** What schemas say of plain rules that are broken. */
function plainRules(): string[] {
  const broken: [z.ZodType, unknown][] = [
    ...[z.string(), z.array(z.string())].flatMap((schema): [z.ZodType, unknown][] => {
      const [short, long] = schema instanceof z.ZodString ? ['a', 'abc'] : [['a'], ['a', 'b', 'c']]
      return [
        [schema.min(2), short],
        [schema.min(1), short.slice(1)],
        [schema.max(2), long],
        [schema.max(1), long],
        [schema.length(2), long],
        [schema.length(1), long],
        [schema, 5],
      ]
    }),
    [z.int().min(5), 1],
    [z.int().max(5), 9],
    [z.number().gt(5), 5],
    [z.number().lt(5), 5],
    [z.number(), 'a'],
    [z.int(), 1.5],
    [z.boolean(), 'a'],
    [z.object({}), 'a'],
    [z.record(z.string(), z.string()), 'a'],
    [z.string(), undefined],
    [z.uuid(), 'a'],
    [z.email(), 'a'],
    [z.url(), 'a'],
    [z.iso.datetime(), 'a'],
    [z.iso.date(), 'a'],
    [z.base64(), '%'],
  ]
  return broken.map(([schema, value]) => schema.safeParse(value).error?.issues[0]?.message ?? '')
}

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

test('rules that forms break, and conflicts, are told in German too', async () => {
  await import('@parley/contract')
  const schemas = refusedIn('packages/contract/src/**/*.ts', (text) => [
    ...text.matchAll(RULE),
    ...text.matchAll(new RegExp(LITERAL, 'g')).filter((said) => VERB.test(said.slice(1).join(''))),
  ])
  const operations = refusedIn('apps/server/src/**/*.ts', (text) => text.matchAll(REFUSED))
  vi.stubGlobal('localStorage', { getItem: () => 'de' })
  vi.stubGlobal('addEventListener', () => undefined)
  vi.stubGlobal('document', { documentElement: { lang: 'de' } })
  vi.stubGlobal('navigator', { language: 'de-DE' })
  const { refusalsLoaded, refusedTold } =
    await import('../apps/console/src/studio/words/refused.ts')
  await refusalsLoaded

  for (const [sentences, least] of [
    [plainRules(), 24],
    [schemas, 70],
    [operations, 60],
  ] as const) {
    expect(new Set(sentences).size).toBeGreaterThanOrEqual(least)
    expect(sentences.filter((sentence) => refusedTold(sentence) === sentence)).toEqual([])
  }
  expect(refusedTold('must have at most 5000 characters')).toBe('Höchstens 5.000 Zeichen')
})
