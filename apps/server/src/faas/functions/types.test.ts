import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lambdas, lambdasOf, startTestServer, type TestServer } from '#testing'

let server: TestServer
let account: Lambdas
beforeAll(async () => {
  server = await startTestServer()
  account = lambdasOf(server)
})
afterAll(() => server[Symbol.asyncDispose]())

interface Saved {
  functionId: string
  warnings: { rule: string; message: string; line?: number; column?: number }[]
}

const WRONG = `import { Toolbelt } from 'lp-faas-toolbelt'

export async function lambda({ payload }: { payload: { name: string } }) {
  const length: number = payload.name
  return Toolbelt.SecretClient().readSecret(length)
}`

async function save(code: string): Promise<Saved> {
  const name = `f_${crypto.randomUUID().slice(0, 8)}`
  const reply = await account.native('POST', '/functions', { name, description: name, code })
  expect(reply.status).toBe(201)
  return reply.json<Saved>()
}

test('saving TypeScript warns of problems of its types, with line and column', async () => {
  const { warnings } = await save(WRONG)
  expect(warnings).toEqual([
    {
      rule: 'type',
      message: "TS2322: Type 'string' is not assignable to type 'number'.",
      line: 4,
      column: 9,
    },
    {
      rule: 'type',
      message: "TS2345: Argument of type 'number' is not assignable to parameter of type 'string'.",
      line: 5,
      column: 45,
    },
  ])
})

test('right types, and libraries without types here, give no warning', async () => {
  const { warnings } = await save(`import { DateTime } from 'luxon'
import { createHash } from 'node:crypto'
const lodash = require('lodash')

export async function lambda({ payload }: { payload: { name: string } }) {
  console.info(process.env.NAME, Buffer.from(payload.name).length, createHash('md5'), lodash)
  const now: DateTime = DateTime.now()
  console.info(now)
  return (await fetch('https://example.com')).status
}`)
  expect(warnings).toEqual([])
})

test('a list that begins empty, and a variable that begins without a value, get their types from what comes later', async () => {
  const { warnings } =
    await save(`export function lambda(input: { payload: { rank: number } }, callback) {
  const mails = []
  let found = null
  let kind
  if (input.payload.rank > 2) mails.push({ to: 'team@example.com' })
  for (const mail of mails) found = mail
  if (found) kind = found.to
  const count: string = mails.length
  callback(null, [mails, kind, count])
}`)
  expect(warnings).toMatchObject([
    { line: 8, message: expect.stringContaining('TS2322') as string },
  ])
})

test('the types of JavaScript are checked where it asks for it', async () => {
  const code = `function lambda(input, callback) {\n  /** @type {number} */\n  const n = 'x'\n  callback(null, n)\n}`
  expect((await save(code)).warnings).toEqual([])
  expect((await save(`// @ts-check\n${code}`)).warnings).toMatchObject([{ rule: 'type', line: 4 }])
})

test('a deployment ignores problems of types unless the account refuses them', async () => {
  const { functionId } = await save(WRONG)
  const deploy = () => account.native('PUT', `/functions/${functionId}/deployment`)
  expect((await deploy()).status).toBe(200)

  await account.native('PATCH', '/settings', { typesCheckedAtDeployment: true })
  const refused = await deploy()
  await account.native('PATCH', '/settings', { typesCheckedAtDeployment: false })
  expect(refused.status).toBe(400)
  expect(refused.text).toContain(
    "Type 'string' is not assignable to type 'number'. (line 4, column 9)",
  )
})

test('a source cannot pull files of the server into its check', async () => {
  const file = import.meta.filename
  const { warnings } = await save(`/// <reference path="${file}" />
import data from '/etc/passwd'
import config from '${import.meta.dirname}/../../../package.json'
import type { FunctionsDeps } from '${import.meta.dirname}/deps.ts'
const nothing: FunctionsDeps = { a: data }
const name: number = config.name

export function lambda() { return [nothing, name] }`)
  expect(warnings).toEqual([])
})

test('types that never end cost a warning, not the save', async () => {
  const { warnings } =
    await save(`type Grow<T extends unknown[]> = T['length'] extends 990 ? T : Grow<[...T, T['length']]>
type Many<A, B> = A extends unknown ? (B extends unknown ? [A, B] : never) : never
type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9'
type Hundred = \`\${Digit}\${Digit}\`
type Huge = Many<Many<Hundred, Hundred>, Many<Hundred, Hundred>>
const grown: Grow<[]>['length'] = 990
export function lambda(huge: Huge) { return [huge, grown] }`)
  expect(warnings.every(({ rule }) => rule === 'type')).toBe(true)
})

const PLAIN = 'function lambda(input, callback) {\n  callback(null, input)\n}'

test('a function stays in TypeScript when its new source has no types, until another language is asked for', async () => {
  const { functionId } = await save(WRONG)
  const change = async (body: object) => {
    const reply = await account.native('PATCH', `/functions/${functionId}`, body)
    expect(reply.status).toBe(200)
    return reply.json<{ language: string; version: number }>()
  }
  expect(await change({ code: PLAIN })).toMatchObject({ language: 'typescript', version: 2 })
  expect(await change({ language: 'javascript' })).toMatchObject({ language: 'javascript' })
  const activities = await account.native('GET', `/activities?functionId=${functionId}`)
  expect(activities.json()).toMatchObject({
    activities: [{ description: 'Language changed', fromVersion: 2, toVersion: 3 }, {}, {}],
  })
})

test('a function in JavaScript becomes one in TypeScript by a source that is nothing else', async () => {
  const { functionId } = await save(PLAIN)
  const reply = await account.native('PATCH', `/functions/${functionId}`, { code: WRONG })
  expect(reply.json()).toMatchObject({ language: 'typescript' })
})
