import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

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
