import type { ReplayBody, TracePart } from '@parley/toolbelt/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callOf, openTestSandbox, type TestSandbox } from './test-sandbox.fixture.ts'
import type { SandboxOutcome } from './types.ts'
import { type HttpSite, startHttpSite } from '#testing'

const BODY_BYTES = 65_536
let sandbox: TestSandbox
let asked = 0
let site: HttpSite

beforeAll(async () => {
  site = await startHttpSite((request, response) => {
    asked += 1
    const answer = () => {
      if (request.url === '/never') return
      if (request.url === '/gone') return void request.socket.destroy()
      response.setHeader('set-cookie', 'session=1')
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ asked, path: request.url, access_token: 'very-secret' }))
    }
    setTimeout(answer, request.url === '/slow' ? 60 : 5)
  })
  sandbox = await openTestSandbox({
    config: { egressPrivate: [site.host] },
    ports: {
      allowed: () => true,
      readSecret: async (_account, _function, key) => ({ key, value: 'from the vault' }),
      peekSecret: async (_account, key) => ({ key, value: 'from the vault' }),
    },
  })
})
afterAll(async () => {
  await sandbox?.[Symbol.asyncDispose]()
  await site[Symbol.asyncDispose]()
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

async function record(code: string, keeps = true) {
  const call = callOf(code, { origin: site.origin }, { delivers: 'return' })
  return sandbox.sandbox.invoke({ ...call, trace: { keeps, bodyBytes: BODY_BYTES } })
}

async function replay(
  code: string,
  recorded: SandboxOutcome,
  mode: ReplayBody['mode'] = 'recorded',
  isPatient = false,
) {
  const version = {
    delivers: 'return',
    replays: mode,
    deploymentId: `replay-${code}`,
    isPatient,
  } as const
  const body = { startedAt: 0, ...joined(recorded), mode, timeLimitMs: 30_000 }
  const seed = recorded.trace?.seed ?? Buffer.alloc(16)
  const call = callOf(code, { origin: site.origin }, version)
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
  'timers of promises': `
    const { scheduler, setInterval: every } = require('timers/promises')
    const note = (what) => console.info(what, new Date().toISOString())
    async function lambda() {
      setTimeout(note, 1200, 'a timer beside them')
      await scheduler.wait(1000)
      note('waited')
      let ticks = 0
      for await (const word of every(20, 'tick')) {
        note(word)
        if ((ticks += 1) === 3) break
      }
      const stop = new AbortController()
      setTimeout(() => stop.abort(), 30)
      const waits = [scheduler.wait(5000, { signal: stop.signal }), every(5000, 0, { signal: stop.signal }).next()]
      for (const { reason } of await Promise.allSettled(waits)) note(reason.name + reason.code)
      await new Promise((done) => setTimeout(done, 250))
      return Date.now()
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

test.each(Object.entries(SOURCES))(
  '%s are the same in replays that share an instance',
  async (_name, code) => {
    const { recorded, done } = await replayTwice(code)
    for (const one of done) {
      expect(shown(one)).toEqual(shown(recorded))
      expect(joined(one)).toMatchObject({ isClean: true })
    }
    const before = asked
    expect(shown(await replay(code, recorded))).toEqual(shown(recorded))
    expect(asked).toBe(before)
  },
)

const NOT_KEPT = `
  const crypto = require('crypto')
  async function lambda({ payload: { origin } }) {
    const { asked } = await (await fetch(origin + '/first')).json()
    await new Promise((done) => setTimeout(done, 5))
    const drawn = [Date.now(), Math.random(), crypto.randomUUID()]
    fetch(origin + '/never').catch(() => undefined)
    await fetch(origin + '/last')
    const all = [asked, ...drawn].join(' ')
    if (fails) throw new Error(all)
    return all
  }`

test('a call that is not kept states nothing when it succeeds, and all of it when it fails', async () => {
  const succeeded = await record(`const fails = false${NOT_KEPT}`, false)
  expect(succeeded).toMatchObject({ ok: true })
  expect(succeeded.trace).toBeUndefined()

  const code = `const fails = true${NOT_KEPT}`
  const failed = await record(code, false)
  expect(failed).toMatchObject({ ok: false, failure: 'custom-failure' })
  const calls = joined(failed).calls?.map(({ number, status }) => [number, status])
  expect(calls).toEqual([
    [0, 200],
    [2, 200],
    [1, undefined],
  ])
  expect(shown(await replay(code, failed))).toEqual(shown(failed))
})

test('credentials never enter the pipe', async () => {
  const recorded = await record(SOURCES['parallel and failing calls'])
  const trace = Buffer.concat(recorded.trace?.parts ?? []).toString()
  expect(trace).toContain('[secret]')
  expect(trace).not.toMatch(/very-secret|session=1|from the vault|"password":"p"/)
})

test('nor do those whose names are written with escapes', async () => {
  const recorded = await record(`async function lambda({ payload: { origin } }) {
    const body = '{"pass' + String.fromCharCode(92) + 'u0077ord":"behind an escape"}'
    return (await fetch(origin + '/fast', { method: 'POST', body })).status
  }`)
  const trace = Buffer.concat(recorded.trace?.parts ?? []).toString()
  expect(trace).toContain('[secret]')
  expect(trace).not.toContain('behind an escape')
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

const LEAVES = {
  'variables, files and timers': `
    const fs = require('fs')
    let runs = 0
    setInterval(() => { runs += 100 }, 1)
    console.info('evaluated')
    async function lambda() {
      const { Toolbelt } = require('lp-faas-toolbelt')
      const before = [runs, fs.existsSync('/tmp/left'), Toolbelt.left]
      Toolbelt.left = true
      runs += 1
      fs.writeFileSync('/tmp/left', 'x')
      setTimeout(() => { runs += 1000 }, 0)
      setImmediate(() => { runs += 1000 })
      return before
    }`,
  'uses of clients and libraries': `
    const axios = require('axios')
    const _ = require('lodash')
    const crypto = require('crypto')
    async function lambda({ payload: { origin } }) {
      const [{ status }, { data }] = await Promise.all([fetch(origin + '/fast'), axios.get(origin + '/slow')])
      return [status, data.path, _.chunk([1, 2, 3], 2), crypto.createHash('sha256').update('x').digest('hex')]
    }`,
}

async function replayTwice(code: string) {
  const recorded = await record(code)
  expect(recorded).toMatchObject({ ok: true })
  const deploymentId = `shared-${code}`
  const version = { delivers: 'return', replays: 'recorded', deploymentId } as const
  const body = { startedAt: 0, ...joined(recorded), mode: 'recorded', timeLimitMs: 30_000 } as const
  const seed = recorded.trace?.seed ?? Buffer.alloc(16)
  const call = {
    ...callOf(code, { origin: site.origin }, version),
    replay: { body, seed, bodyBytes: BODY_BYTES },
  }
  const done = [await sandbox.sandbox.invoke(call), await sandbox.sandbox.invoke(call)] as const
  sandbox.sandbox.retire(deploymentId)
  return { recorded, done }
}

test.each(Object.entries(LEAVES))(
  '%s of a replay are not found by the next one',
  async (_name, code) => {
    const { recorded, done } = await replayTwice(code)
    expect(done[1].start).toBe('warm')
    for (const one of done) {
      expect(shown(one)).toEqual(shown(recorded))
      expect(joined(one)).toMatchObject({ isClean: true })
    }
  },
)

const SPOILS = {
  'a global': 'globalThis.left = 1',
  'what objects inherit': 'Array.prototype.left = () => 1',
  'a function of the runtime':
    'const { stringify } = JSON; JSON.stringify = (value) => stringify(value)',
  'a setting of a library': "require('axios').defaults.headers.common.left = '1'",
  'an interceptor': "require('axios').interceptors.request.use((config) => config)",
  'a member of a module': "require('crypto').left = 1",
}

test('a replay that changes what all code finds says so by not being clean', async () => {
  const places = Object.values(SPOILS).map((code, n) => `case ${n}: ${code}; break`)
  const recorded = await record('const lambda = () => 1')
  const unclean = Object.keys(SPOILS).map(async (name, n) => {
    const code = `const lambda = () => { switch (${n}) { ${places.join('\n')} } return 1 }`
    return joined(await replay(code, recorded)).isClean ? `${name} is not seen` : name
  })
  expect(await Promise.all(unclean)).toEqual(Object.keys(SPOILS))
})

test('replays for which nobody waits leave a booted instance to calls', async () => {
  const code = 'const lambda = () => 1'
  const recorded = await record(code)
  const { stats } = sandbox.sandbox
  await expect.poll(() => stats().warmPool).toBeGreaterThanOrEqual(2)
  const many = Array.from({ length: 6 }, (_, n) =>
    replay(`${code} // ${n}`, recorded, 'recorded', true),
  )
  const start = (
    await sandbox.run(code, { version: { delivers: 'return', deploymentId: 'alive' } })
  ).start
  expect(start).toBe('pool')
  for (const done of await Promise.all(many)) expect(done).toMatchObject({ ok: true })
})
