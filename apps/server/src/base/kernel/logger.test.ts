import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSmallDisk } from '#testing'

const LOGGER = new URL('logger.ts', import.meta.url).href

/** What a program has written to standard error that logs two lines and then ends. */
function linesOf(end: string): string[] {
  const program = `
    import { openLogger } from ${JSON.stringify(LOGGER)}
    const logger = openLogger('info')
    logger.info('first')
    logger.info({ password: 'xyzzy' }, 'last')
    ${end}`
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program])
  return String(stderr).split('\n')
}

test.each([
  ['of an error that nothing caught', `throw new Error('over')`],
  ['of a rejection that nothing handled', `await Promise.reject(new Error('over'))`],
  ['of an error in a later turn', `setImmediate(() => { throw new Error('over') })`],
  ['because it wants to', 'process.exit(3)'],
  ['because nothing is left to do', ''],
  ['after it has closed the log', `await logger[Symbol.asyncDispose]()\nprocess.exit(3)`],
])(
  'a process that ends %s has written every line of its log once, without secrets',
  (_why, end) => {
    const lines = linesOf(end)
    const logged = lines.filter((line) => line.includes('"level":30'))
    expect(logged.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      'first',
      'last',
    ])
    expect(lines.join('\n')).not.toContain('xyzzy')
  },
)

test('what others have chosen cannot speak to the terminal at which the log is read, and makes no lines of its own', () => {
  const program = `
    import { openLogger } from ${JSON.stringify(LOGGER)}
    process.stderr.isTTY = true
    const logger = openLogger('info')
    const hostile = 'a\\u001b[2J\\u001b]0;owned\\u0007\\u009b2Jb\\n09:00:00 info'
    logger.info({ path: hostile, all: [hostile] }, hostile)
    logger.warn({ err: new Error(hostile) }, 'failed')`
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program])

  // Colors are ours.
  const shown = String(stderr).replaceAll(/\p{Cc}\[\d+m/gu, '')
  const said = String.raw`a\u001b[2J\u001b]0;owned\u0007\u009b2Jb`
  expect(shown.split(said)).toHaveLength(5)
  expect(shown).not.toMatch(/[^\P{Cc}\t\n]/u)
  expect(shown).not.toMatch(/^09:00:00 info/m)
})

test('lines that found no room are written, in order, when there is some', async ({ skip }) => {
  using disk = openSmallDisk(1)
  if (!disk) return skip('this user may not mount a disk')
  const log = join(disk.folder, 'log')
  const descriptor = openSync(log, 'w')
  disk.fillUp()
  const program = `
    import { once } from 'node:events'
    import { openLogger } from ${JSON.stringify(LOGGER)}
    const logger = openLogger('info')
    logger.info('first')
    logger.fatal('second')
    process.stdout.write('no room')
    await once(process.stdin, 'data')
    logger.info('third')
    process.stdin.destroy()`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['pipe', 'pipe', descriptor],
  })
  const { stdin, stdout } = child
  if (!stdin || !stdout) throw new Error('The program has no pipes')
  const ended = once(child, 'exit')
  await Promise.race([once(stdout, 'data'), ended])

  rmSync(join(disk.folder, 'ballast'))
  stdin.write('go on')

  expect(await ended).toEqual([0, null])
  expect(
    readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { msg: string }).msg),
  ).toEqual(['first', 'second', 'third'])
})
