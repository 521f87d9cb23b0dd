import { expect, test } from 'vitest'
import { checkSource } from './check-source.ts'

const check = (code: string, language?: 'javascript' | 'typescript') =>
  checkSource(code, { language, maxCharacters: 1_000 })

const problems = async (code: string) => {
  const checked = await check(code)
  return checked.ok ? [] : checked.problems
}

const delivers = async (code: string) => {
  const checked = await check(code)
  return checked.ok ? checked.compiled.delivers : checked.problems
}

test('an await outside of a function is refused in words of the author', async () => {
  expect(await problems('const x = await 1\nfunction lambda(i, cb) { cb(null, x) }')).toEqual([
    {
      rule: 'syntax',
      message: '"await" can only be used inside an "async" function, not outside of all',
      line: 1,
      column: 11,
    },
  ])
})

test('a syntax error is refused with its line and column', async () => {
  expect(await problems('function lambda(input) {\n  return {\n}')).toMatchObject([
    { rule: 'syntax', line: 3, column: 2 },
  ])
})

test.each([
  ['a declaration', 'function lambda() {}'],
  ['an async declaration', 'async function lambda() {}'],
  ['an arrow function', 'const lambda = async (input) => input'],
  ['an assignment', 'let lambda; lambda = function (input) {}'],
  ['an export', 'module.exports = (data, cb) => { cb(null, data) }'],
  ['an exported name', 'function work(data, cb) { cb() }\nexports = module.exports = work'],
])('%s is an entry point', async (_form, code) => {
  expect(await problems(code)).toEqual([])
})

test.each([
  ['no function', 'const answer = 42'],
  ['a nested lambda', 'function outer() { function lambda() {} }'],
  ['another name', 'function Lambda() {}'],
])('%s is no entry point', async (_form, code) => {
  expect(await problems(code)).toMatchObject([{ rule: 'entry-point' }])
})

test.each([
  ['one parameter', 'function lambda(input) {}', 'return'],
  ['no parameter', 'const lambda = async () => 1', 'return'],
  ['a callback', 'function lambda(input, callback) { callback() }', 'callback'],
  ['a default before the callback', 'const lambda = (input = {}, cb) => cb()', 'callback'],
  ['a rest parameter', 'const lambda = (...all) => all[1]()', 'callback'],
  ['arguments', 'function lambda() { arguments[1](null, 1) }', 'callback'],
  ['arguments in an arrow inside', 'function lambda(i) { (() => arguments[1]())() }', 'callback'],
  [
    'arguments of another function',
    'function lambda(i) { (function () { arguments })() }',
    'return',
  ],
])('with %s the result comes by %s', async (_form, code, expected) => {
  expect(await delivers(code)).toBe(expected)
})

test.each([
  'eval("1")',
  '(0, eval)("1")',
  'globalThis.eval("1")',
  'global["eval"]("1")',
  'eval?.("1")',
])('%s is refused where it stands', async (call) => {
  expect(await problems(`function lambda() {\n  return ${call}\n}`)).toMatchObject([
    { rule: 'forbidden-eval', line: 2, column: 10 },
  ])
})

test('a method of another object may be called eval', async () => {
  expect(await problems('function lambda() { return redis.eval("x") }')).toEqual([])
})

test('a callback that is never used is a warning', async () => {
  const checked = await check('async function lambda(input, callback) { return 1 }')
  expect(checked).toMatchObject({
    ok: true,
    warnings: [{ rule: 'unused-callback', line: 1, column: 30 }],
  })
})

test('TypeScript is recognised and compiled, and its problems have its own lines', async () => {
  const code =
    'enum Mood { Good }\n\nconst lambda = (input: { payload: string }): string => eval(`${Mood.Good}`)'
  expect(await problems(code)).toMatchObject([{ rule: 'forbidden-eval', line: 3, column: 56 }])

  const checked = await check(code.replace('eval', 'String'))
  expect(checked).toMatchObject({
    ok: true,
    compiled: { language: 'typescript', delivers: 'return' },
  })
})

test.each([
  ['a return outside of functions', 'function lambda(i,c){c(null,1)}\nreturn', 2, 1],
  ['a group that is not closed', 'function lambda(i,c){c(null,1)}\n/(/', 2, 2],
  [
    'a name that a regular expression has twice',
    'function lambda(i: string, c){c(null,1)}\n\nvar r=/a(?<n>b)(?<n>c)/',
    3,
    8,
  ],
])('%s is refused at its place in what the author wrote', async (_what, code, line, column) => {
  expect(await problems(code)).toMatchObject([{ rule: 'syntax', line, column }])
})

test('a module with import and export is TypeScript', async () => {
  const checked = await check(
    "import { DateTime } from 'luxon'\nexport async function lambda() { return DateTime.now() }",
  )
  expect(checked).toMatchObject({ ok: true, compiled: { language: 'typescript' } })
  expect(checked.ok && checked.compiled.javascript).toContain('require("luxon")')
})

test.each([
  [
    'an exported function that returns',
    'export default async function work(input: any) { return 1 }',
    'return',
  ],
  ['an exported arrow function that returns', 'export default async (input: any) => 1', 'return'],
  [
    'an exported function that calls back',
    'export default (input: any, cb: any) => cb()',
    'callback',
  ],
  ['a member that returns', 'module.exports = { lambda: async (input) => 1 }', 'return'],
  ['a member that calls back', 'module.exports = { lambda(input, cb) { cb() } }', 'callback'],
  ['a named member', 'const work = (input) => 1\nmodule.exports = { default: work }', 'return'],
])('%s', async (_form, code, by) => {
  expect(await delivers(code)).toBe(by)
})

test.each([
  ['members', '.b'],
  ['calls', '()'],
])('a chain of very many %s is refused', async (_what, link) => {
  const code = `function lambda(input, cb) { cb(a${link.repeat(45_000)}) }`
  const checked = await checkSource(code, { maxCharacters: 100_000 })
  expect(checked).toMatchObject({ ok: false, problems: [{ rule: 'syntax' }] })
})

test('more characters than allowed are refused', async () => {
  expect(await problems('x'.repeat(1_001))).toMatchObject([{ rule: 'too-long' }])
})

test.each(['"\0"', '"\ud800"'])('text that cannot be stored is refused', async (literal) => {
  expect(await problems(`const lambda = () => ${literal}`)).toMatchObject([
    { rule: 'unstorable-text' },
  ])
})
