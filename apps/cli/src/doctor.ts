import { request, type Session } from '@parley/client'
import { Command } from 'commander'
import type { ConnectionOptions } from './connection.ts'
import { ACCOUNT_CHECKS } from './doctor/account-checks.ts'
import { type Finding, machineFindings, serverUrl } from './doctor/machine-checks.ts'
import { openSession, withServer } from './session/open-session.ts'

const DAY_MS = 86_400_000

/** Looks for what is wrong, from this machine to the functions of the account. */
export function doctorCommand(): Command {
  return withServer(new Command('doctor').description('say what is wrong, and what to do about it'))
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExits with 1 when something is wrong.\n\nExample:\n  parley doctor\n')
    .action(async (options: ConnectionOptions & { json?: boolean }) => {
      const findings = await examine(options)
      const wrong = findings.filter(({ isWrong }) => isWrong)
      const text = [...findings.map(lineOf), '', summary(wrong.length), ''].join('\n')
      process.stdout.write(options.json ? `${JSON.stringify(findings, null, 2)}\n` : text)
      if (wrong.length > 0) process.exitCode = 1
    })
}

async function examine(options: ConnectionOptions): Promise<Finding[]> {
  const findings = machineFindings(options)
  const url = serverUrl(options)
  const health = await request(url, { method: 'GET', path: '/health' }).catch(
    (error: unknown) => error,
  )
  if (health instanceof Error) {
    const remedy = 'start it with npm start, or name its address with --url'
    return [...findings, { isWrong: true, what: `No server answers at ${url}`, remedy }]
  }
  findings.push({ isWrong: false, what: `The server at ${url} can serve` })
  let session: Session
  try {
    session = await openSession(options)
  } catch (error) {
    const what = `No log-in: ${error instanceof Error ? error.message : String(error)}`
    return [...findings, { isWrong: true, what, remedy: 'parley login' }]
  }
  const since = new Date(Date.now() - DAY_MS).toISOString()
  for (const check of ACCOUNT_CHECKS) findings.push(...(await check(session, since)))
  return findings
}

function lineOf({ isWrong, what, remedy }: Finding): string {
  return `${isWrong ? 'WRONG' : 'ok   '} ${what}${remedy === undefined ? '' : `\n      → ${remedy}`}`
}

function summary(wrong: number): string {
  return wrong === 0
    ? 'Nothing is wrong'
    : `${wrong} ${wrong === 1 ? 'thing is' : 'things are'} wrong`
}
