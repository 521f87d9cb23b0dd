import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Bound, declaredBounds } from '#base/bounds'
import { BOUND_ATTACKS } from './bound-attacks.fixture.ts'
import { SHAPES } from './bound-shapes.fixture.ts'
// Every module declares its bounds when it is loaded, and the context loads every module.
import '#server/context'

const SOURCES = join(import.meta.dirname, '../..')
const LIMITS_DOCUMENT = join(SOURCES, '../../../docs/limits.md')
const ATTACKS_DOCUMENT = join(SOURCES, '../../../docs/attacks.md')

const bounds = declaredBounds()

test('there are bounds, each with a name of its own', () => {
  expect(bounds.length).toBeGreaterThan(5)
  expect(new Set(bounds.map(({ holds }) => holds)).size).toBe(bounds.length)
})

test('two attacks are written down for each bound, in two shapes, and for no other', () => {
  const names = bounds.map(({ holds }) => holds).toSorted()

  expect(Object.keys(BOUND_ATTACKS).toSorted()).toEqual(names)
  for (const [one, other] of Object.values(BOUND_ATTACKS)) {
    expect(one.attack).not.toBe(other.attack)
    expect(one.shape).not.toBe(other.shape)
  }
})

const attacks = bounds.flatMap((bound) =>
  (BOUND_ATTACKS[bound.holds] ?? []).map((attack) => ({ ...attack, bound })),
)

test.each(attacks)('$bound.holds: $attack', ({ bound, shape }) => {
  const go = (SHAPES[bound.kind] as Record<string, ((of: Bound) => void) | undefined>)[shape]
  if (!go) throw new Error(`"${shape}" is no way to go at a bound of the kind "${bound.kind}"`)
  expect(() => go(bound)).not.toThrow()
})

test.each(attacks.filter(({ shown }) => typeof shown === 'string'))(
  'the test of "$attack" exists',
  ({ shown }) => {
    const [file = '', title = ''] = String(shown).split(/(?<=\.test\.ts): /)
    // A title that a table completes stands there as far as it is the same for all.
    const [fixed = ''] = title.split('%s')
    const source = readFileSync(join(SOURCES, file), 'utf8')
    expect(source.includes(title) || source.includes(fixed)).toBe(true)
  },
)

test('docs/limits.md has a line for every bound, and no other', () => {
  expect(tableIn(LIMITS_DOCUMENT, 'bounds')).toBe(tableOf(bounds))
})

test('docs/attacks.md has a line for the attacks on every bound', () => {
  const rows = Object.entries(BOUND_ATTACKS)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([holds, both]) => `| ${holds} | ${both.map(({ attack }) => attack).join(' | ')} |\n`)

  expect(tableIn(ATTACKS_DOCUMENT, 'attacks on bounds')).toBe(
    `| what | one attack | another one |\n|---|---|---|\n${rows.join('')}`,
  )
})

function tableIn(document: string, mark: string): string | undefined {
  const text = readFileSync(document, 'utf8')
  return text.split(`<!-- ${mark} -->\n`)[1]?.split(`<!-- end of ${mark} -->`)[0]
}

function tableOf(all: readonly Bound[]): string {
  const rows = all
    .toSorted((one, other) => (one.holds < other.holds ? -1 : 1))
    .map(({ holds, limit, each, per, beyond }) => {
      const most = each === undefined ? number(limit) : `${number(limit)}, ${number(each)} of one`
      return `| ${holds} | ${most} | ${per} | ${beyond} |\n`
    })
  return `| what | at most | for each | beyond it |\n|---|---|---|---|\n${rows.join('')}`
}

function number(value: number): string {
  return value.toLocaleString('en-US')
}
