import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ReplayBody, TracePart } from '@parley/toolbelt/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callOf, openTestSandbox, type TestSandbox } from './test-sandbox.fixture.ts'
import type { SandboxOutcome } from './types.ts'

const BODY_BYTES = 65_536
let sandbox: TestSandbox
let origin: string
let asked = 0
const server = createServer((request, response) => {
  asked += 1
  const answer = () => {
    if (request.url === '/gone') return void request.socket.destroy()
    response.setHeader('set-cookie', 'session=1')
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ asked, path: request.url, access_token: 'very-secret' }))
  }
  setTimeout(answer, request.url === '/slow' ? 60 : 5)
})

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  origin = `http://127.0.0.1:${port}`
  sandbox = await openTestSandbox({
    config: { egressPrivate: [`127.0.0.1:${port}`] },
    ports: {
      allowed: () => true,
      readSecret: async (_account, _function, key) => ({ key, value: 'from the vault' }),
      peekSecret: async (_account, key) => ({ key, value: 'from the vault' }),
    },
  })
})
afterAll(async () => {
  await sandbox?.[Symbol.asyncDispose]()
  server.close()
})

function joined(outcome: SandboxOutcome): TracePart {
  const parts = (outcome.trace?.parts ?? []).map((part) => JSON.parse(String(part)) as TracePart)
  const whole: Record<string, unknown> = {}
  for (const part of parts) {
    for (const [name, value] of Object.entries(part)) {
      const before = whole[name]
      whole[name] = Array.isArray(before) ? [...before, ...(value as unknown[])] : value
    }
  }
  return whole as TracePart
}

async function record(code: string) {
  const call = callOf(code, { origin }, { delivers: 'return' })
  return sandbox.sandbox.invoke({ ...call, trace: { keeps: true, bodyBytes: BODY_BYTES } })
}

async function replay(
  code: string,
  recorded: SandboxOutcome,
  mode: ReplayBody['mode'] = 'recorded',
) {
  const version = { delivers: 'return', replays: mode, deploymentId: `replay-${code}` } as const
  const body = { startedAt: 0, ...joined(recorded), mode, timeLimitMs: 30_000 }
  const seed = recorded.trace?.seed ?? Buffer.alloc(16)
  const call = callOf(code, { origin }, version)
  const done = await sandbox.sandbox.invoke({
    ...call,
    replay: { body, seed, bodyBytes: BODY_BYTES },
  })
  sandbox.sandbox.retire(version.deploymentId)
  return done
}

function shown(outcome: SandboxOutcome) {
  const logs = outcome.logs.map(({ level, message, extras }) => ({ level, message, extras }))
  if (!outcome.ok) return { ...outcome, trace: 0, logs, durationMs: 0, outgoing: 0, start: 0 }
  return { result: String(outcome.result), logs }
}

const SOURCES = {
  'time, chance and timers': `
    const crypto = require('crypto')
    const { v4 } = require('uuid')
    const sleep = require('timers/promises').setTimeout
    async function lambda(input) {
      const began = Date.now()
      setTimeout(() => console.info('timer', new Date().toISOString()), 12)
      await sleep(5)
      console.info('slept', Date.now())
      await new Promise((done) => setTimeout(done, 30))
      const digest = await globalThis.crypto.subtle.digest('SHA-256', new Uint8Array(4))
      return [began, Date.now(), Math.random(), Math.random(), crypto.randomUUID(), v4(),
        crypto.randomBytes(8).toString('hex'), crypto.randomInt(1000), digest.byteLength,
        [...globalThis.crypto.getRandomValues(new Uint8Array(4))], globalThis.crypto.randomUUID()]
    }`,
  'parallel and failing calls': `
    const axios = require('axios')
    const { Toolbelt } = require('lp-faas-toolbelt')
    const read = async (url) => {
      const answer = await fetch(url, { method: 'POST', body: JSON.stringify({ password: 'p', n: 1 }) })
      const { asked, path } = await answer.json()
      console.info('answered', path, asked, Date.now())
      return asked
    }
    async function lambda({ payload: { origin } }) {
      const all = await Promise.allSettled([
        read(origin + '/slow?access_token=x'), read(origin + '/fast'), read(origin + '/slow'), read(origin + '/gone'),
        axios.get(origin + '/axios').then(({ data }) => data.asked),
        axios.get(origin + '/gone').catch((error) => 'failed: ' + error.message + error.code),
      ])
      const secret = await Toolbelt.SecretClient().readSecret('key')
      return [all.map(({ value, reason }) => value ?? String(reason)), secret, Date.now()]
    }`,
} satisfies Record<string, string>

test.each(Object.entries(SOURCES))('%s are the same in a replay', async (_name, code) => {
  const recorded = await record(code)
  expect(recorded).toMatchObject({ ok: true })
  const before = asked
  for (let n = 0; n < 3; n += 1)
    expect(shown(await replay(code, recorded))).toEqual(shown(recorded))
  expect(asked).toBe(before)
})

test('credentials never enter the pipe', async () => {
  const recorded = await record(SOURCES['parallel and failing calls'])
  const trace = Buffer.concat(recorded.trace?.parts ?? []).toString()
  expect(trace).toContain('[secret]')
  expect(trace).not.toMatch(/very-secret|session=1|from the vault|"password":"p"/)
})

test('a replay that waits for ever ends by virtual time', async () => {
  const code = `async function lambda() { for (;;) await new Promise((done) => setTimeout(done, 1000)) }`
  const recorded = await record('async function lambda() { return 1 }')
  expect(await replay(code, recorded)).toMatchObject({ failure: 'executiontime-exceeded' })
})

test('a call that the recording does not have is not let out', async () => {
  const code = `async function lambda({ payload }) { return (await fetch(payload.origin + '/new')).status }`
  const recorded = await record('async function lambda() { return 1 }')
  const before = asked
  expect(await replay(code, recorded)).toMatchObject({ ok: false, message: 'fetch failed' })
  expect(await replay(code, recorded, 'allowed')).toMatchObject({ ok: true })
  expect(asked).toBe(before + 1)
})
