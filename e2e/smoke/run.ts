import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { ordinaryUsersClone } from '../live/ordinary-user.ts'
import { PATIENCE_MS } from '../live/eventually.ts'
import { commandLine, isAlive, processTree } from '../live/process-tree.ts'
import { type LiveOptions, startParley } from '../live/parley.ts'
import { type Checks, openChecks } from './checks.ts'
import { checkReadme } from './readme.ts'
import { removeFolder } from '../live/remove-folder.ts'

const root = join(import.meta.dirname, '..', '..')

interface Person {
  name: string
  /** What turns the one who runs this into that person. */
  as: string[]
  cwd: string
  home?: string
}

async function checkStarts({ check }: Checks, person: Person): Promise<void> {
  const dataDir = join(person.cwd, '.parley-smoke')
  const options: LiveOptions = {
    dataDir,
    cwd: person.cwd,
    command: [...person.as, 'npm', 'start'],
    env: { PARLEY_LOG_LEVEL: 'info', ...(person.home && { HOME: person.home }) },
  }
  const says = (claim: string) => `${person.name}: ${claim}`
  try {
    const first = await startParley(options)
    console.log(says(`first start, ready after ${Math.round(first.readyMs)} ms`))
    check(says('prints its address'), first.output().includes(first.endpoint.url), first.output())
    check(
      says('prints the credentials once'),
      first.output().includes(first.firstRun.admin.password),
      first.output(),
    )
    const { mode } = statSync(join(dataDir, 'first-run.json'))
    check(
      says('keeps the credentials for its own eyes'),
      (mode & 0o777) === 0o600,
      mode.toString(8),
    )
    const family = processTree(first.pid)
    const code = await first.stop()
    check(says('Ctrl-C ends it with 0'), code === 0, `${code} ${first.output()}`)
    check(
      says('Ctrl-C without a word from npm'),
      !/npm (ERR|error)/i.test(first.output()),
      first.output(),
    )
    const left = family.filter((pid) => isAlive(pid))
    check(
      says('Ctrl-C leaves no process behind'),
      left.length === 0,
      left.map(commandLine).join('\n'),
    )

    check(
      says('without a terminal its log is JSON lines, and nothing is said of progress'),
      first.output().includes('{"level":') && !first.output().includes(' of 5 '),
      first.output(),
    )

    const second = await startParley(atTerminal(options))
    check(
      says('at a terminal its log is readable, and it says how far it is'),
      !second.output().includes('{"level":') && second.output().includes('5 of 5'),
      second.output(),
    )
    for (const seen of ['/consumer/', '/api/v1', '/health', 'To stop: Ctrl-C', dataDir]) {
      check(
        says(`prints ${seen.replace(dataDir, 'where its data are')}`),
        second.output().includes(seen),
      )
    }
    console.log(says(`second start, ready after ${Math.round(second.readyMs)} ms`))
    check(
      says('does not print the credentials again'),
      !second.output().includes(second.firstRun.admin.password),
    )
    checkRefusals(
      { check: (claim, ...seen) => check(says(claim), ...seen) },
      options,
      second.endpoint.url,
    )
    await second.kill('everything')

    const third = await startParley(options)
    const readyMs = Math.round(third.readyMs)
    console.log(says(`start after kill -9 of everything, ready after ${readyMs} ms`))
    checkDemo(
      { check: (claim, ...seen) => check(says(claim), ...seen) },
      options,
      third.endpoint.url,
    )
    const last = await third.stop()
    check(says('ends with 0 again'), last === 0, third.output())
    checkLog({ check: (claim, ...seen) => check(says(claim), ...seen) }, third.output())
  } finally {
    removeFolder(dataDir)
  }
}

/** The log of a server that has answered requests and called functions, without a terminal. */
function checkLog({ check }: Pick<Checks, 'check'>, output: string): void {
  const lines = output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  const membersOf = (message: string) =>
    Object.keys(lines.find(({ msg }) => msg === message) ?? {}).join(' ')
  check(
    'each call has a line in the log',
    membersOf('invoked') === 'level time accountId functionId requestId ms outcome msg',
    membersOf('invoked'),
  )
  check(
    'each request has a line in the log',
    membersOf('request') === 'level time requestId method path status ms msg',
    membersOf('request'),
  )
}

/** The same command at a terminal of its own. */
function atTerminal(options: LiveOptions): LiveOptions {
  const command = (options.command ?? []).join(' ')
  return { ...options, command: ['script', '-qefc', command, '/dev/null'] }
}

function runOnce(
  { command = ['npm'], cwd, env, dataDir = '' }: LiveOptions,
  words: string[],
  more: Record<string, string>,
) {
  const [program = 'npm', ...args] = [...command.slice(0, -2), ...words]
  return spawnSync(program, args, {
    cwd,
    env: { ...process.env, PARLEY_DATA: dataDir, ...env, ...more },
    encoding: 'utf8',
    timeout: PATIENCE_MS,
  })
}

const START = ['node', 'apps/server/src/start.mjs']

/** Starts that cannot work, beside a running server: one clear line, exit code 1. */
function checkRefusals({ check }: Pick<Checks, 'check'>, options: LiveOptions, url: string): void {
  const { port } = new URL(url)
  const others = { PARLEY_TLS_PORT: '0', PARLEY_LOG_LEVEL: 'silent' }
  const cases = [
    { claim: 'a data directory in use is refused', env: { PARLEY_PORT: '0' } },
    {
      claim: 'a port in use is refused',
      env: { PARLEY_PORT: port, PARLEY_DATA: `${options.dataDir}-2` },
    },
    { claim: 'a bad setting is refused', env: { PARLEY_PORT: 'eighty' } },
    {
      claim: 'a data directory that cannot be written is refused',
      env: {
        PARLEY_PORT: '0',
        PARLEY_DATA: join(options.dataDir ?? '', 'first-run.json', 'below-a-file'),
      },
    },
  ]
  for (const { claim, env } of cases) {
    const { status, stderr } = runOnce(options, START, { ...others, ...env })
    const lines = stderr.trim().split('\n')
    check(
      claim,
      status === 1 && lines.length <= 2 && !/^ +at /m.test(stderr),
      `exit ${status}\n${stderr}`,
    )
  }
  removeFolder(`${options.dataDir}-2`)
}

function checkDemo({ check }: Pick<Checks, 'check'>, options: LiveOptions, url: string): void {
  const { status, stdout, stderr } = runOnce(
    options,
    ['npm', 'run', 'demo', '--', '--url', url],
    {},
  )
  check(
    'npm run demo plays its conversation',
    status === 0 && stdout.includes('systemMessage applied'),
    `${stdout}${stderr}`,
  )
}

const checks = openChecks()
const me = process.getuid?.() === 0 ? 'root' : 'user'
await checkStarts(checks, { name: me, as: [], cwd: root })
if (me === 'root') {
  using clone = ordinaryUsersClone()
  await checkStarts(checks, { name: 'ordinary user', ...clone })
}
await checkReadme(checks)
process.exitCode = checks.close()
