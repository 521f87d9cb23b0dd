import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../live/eventually.ts'
import { processTree, statOf } from '../live/process-tree.ts'
import {
  callOf,
  openTestSandbox,
  type TestSandbox,
} from '../../apps/server/src/faas/sandbox/test-sandbox.fixture.ts'

/**
 * What functions that compute without a pause leave of the processors to the server and to the functions of others. The
 * kernel weighs whole sessions where it groups processes so, and processes elsewhere.
 */
const confinement = process.env['PARLEY_CONFINEMENT'] as 'user' | 'plain' | undefined
const WATCHED_MS = 1_500
const MS_PER_TICK = 10
/** Loops are killed when they have been watched. */
const LOOP_MS = 300_000
const LOOPS = {
  'a loop': 'function lambda() { while (true); }',
  'a loop that lets its event loop turn':
    'async function lambda() { for (;;) await new Promise((next) => setImmediate(next)) }',
  'threads that hash': `function lambda() {
    const { pbkdf2 } = require('crypto')
    const again = () => pbkdf2('a', 'b', 20_000_000, 64, 'sha512', again)
    for (let n = 0; n < 4; n++) again()
  }`,
}

let box: TestSandbox
beforeAll(async () => {
  box = await openTestSandbox({ config: confinement ? { confinement } : {} })
})
afterAll(() => box[Symbol.asyncDispose]())

/** Instances have sessions of their own, whatever they call themselves. */
function instances(): number[] {
  return processTree(process.pid).filter((pid) => sessionOf(pid) !== sessionOf(process.pid))
}

const sessionOf = (pid: number) => statOf(pid)?.[3]

function cpuMs(pid: number): number {
  const values = statOf(pid) ?? []
  return (Number(values[11] ?? 0) + Number(values[12] ?? 0)) * MS_PER_TICK
}

/** All on one processor, so that they have to share it, however many there are. */
function pin(pid: number): void {
  const [first = '0'] =
    /Cpus_allowed_list:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.slice(1) ?? []
  execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', first, String(pid)])
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** What all of them use in a while, in ms. */
async function usedBy(pids: readonly number[]): Promise<number> {
  const sum = () => pids.reduce((total, pid) => total + cpuMs(pid), 0)
  const before = sum()
  await pause(WATCHED_MS)
  return sum() - before
}

/**
 * Resolves with the two, which are known by what they have used since: more than any that only starts. They wait long for each
 * millisecond once they give way, on a machine that is busy, and need no more than this.
 */
async function startLoops(name: string, code: string): Promise<number[]> {
  const before = new Map(instances().map((pid) => [pid, cpuMs(pid)]))
  const computedBy = (pid: number) => cpuMs(pid) - (before.get(pid) ?? 0)
  for (const n of [1, 2]) {
    const version = { accountId: 'hostile', deploymentId: `${name} ${n} ${randomUUID()}` }
    void box.sandbox
      .invoke(callOf(code, null, version, { timeLimitMs: LOOP_MS }))
      .then((outcome) => console.log(`${name} ${n} has ended:`, outcome))
  }
  return eventually('Two instances that compute and give way, and no other', () => {
    const all = instances()
    const loops = all.toSorted((one, other) => computedBy(other) - computedBy(one)).slice(0, 2)
    const theirs = new Set(loops.map(sessionOf))
    const yielding = new Set(all.filter(givesWay).map(sessionOf))
    const isSame = yielding.size === 2 && theirs.symmetricDifference(yielding).size === 0
    return isSame ? loops : undefined
  })
}

function endAll(pids: readonly number[]): void {
  for (const pid of pids) if (statOf(pid)) process.kill(pid, 'SIGKILL')
}

const QUIET = 'function lambda(input, callback) { callback(null, input.payload) }'

async function quietCall(): Promise<void> {
  const outcome = await box.run(QUIET, { payload: 1, version: { accountId: 'quiet' } })
  expect(outcome).toMatchObject({ ok: true, value: 1 })
}

const groupsBySession = existsSync('/proc/self/autogroup')

/** Of a process, and of its session where the kernel groups processes so. */
function niceValues(pid: number): number[] {
  const own = statOf(pid)?.[16]
  if (!groupsBySession) return [Number(own)]
  const session = readFileSync(`/proc/${pid}/autogroup`, 'latin1').split('nice ')[1]
  return [Number(own), Number(session)]
}

const both = (nice: number) => (groupsBySession ? [nice, nice] : [nice])
const givesWay = (pid: number) => niceValues(pid).at(-1) === 19

test.runIf(process.platform === 'linux').each([
  ['one that computes', LOOPS['a loop']],
  ['one that computes under a false name', `process.title = 'a) R 1'; ${LOOPS['a loop']}`],
])(
  'a function gives way to the server, and %s to other functions, which are served',
  async (which, code) => {
    await quietCall()
    const loops = await startLoops(which, code)
    await expect.poll(() => loops.map(niceValues)).toEqual([both(19), both(19)])
    // Neither those that wait for a function nor those that compute.
    const others = instances().filter((pid) => !loops.includes(pid))
    expect(others.map(niceValues)).toContainEqual(both(15))
    for (let calls = 0; calls < 20; calls++) await quietCall()
    endAll(loops)
  },
)

test.runIf(process.platform === 'linux').each(Object.entries(LOOPS))(
  'two functions with %s get less of a processor than a process of the server',
  async (name, code) => {
    // In the session of the server, as the server is.
    const server: ChildProcess = spawn(process.execPath, ['-e', 'while (true);'])
    const serverPid = server.pid ?? 0
    try {
      let loops: number[] = []
      pin(serverPid)
      // A loop counts as one after some processor time, which takes longer on a machine that is busy.
      await expect
        .poll(async () => {
          // What has ended would seem to need nothing.
          if (loops.length === 0 || !loops.every(statOf)) {
            loops = await startLoops(name, code)
            loops.forEach(pin)
          }
          const server = usedBy([serverPid])
          const ofLoops = await usedBy(loops)
          console.log(
            `${name}: ${ofLoops} ms of two functions beside ${await server} ms of the server`,
          )
          return ofLoops < (await server) * 0.75
        })
        .toBe(true)
      endAll(loops)
    } finally {
      server.kill('SIGKILL')
    }
  },
)
