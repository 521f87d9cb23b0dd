import { request, RequestError, type Session } from '@parley/client'
import { Command } from 'commander'
import type { ConnectionOptions } from './connection.ts'
import { ACCOUNT_CHECKS } from './doctor/account-checks.ts'
import { type Finding, machineFindings } from './doctor/machine-checks.ts'
import { explain, isUntrusted, reasonOf as reasonOfAnswer, TO_TRUST } from './explain.ts'
import { findServer, openSession, withServer } from './session/open-session.ts'
import { writeOut } from './visible.ts'

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
      writeOut(options.json ? `${JSON.stringify(findings, null, 2)}\n` : text)
      if (wrong.length > 0) process.exitCode = 1
    })
}

async function examine(options: ConnectionOptions): Promise<Finding[]> {
  const findings = machineFindings(options)
  const url = findServer(options)
  try {
    await request(url, { method: 'GET', path: '/health' })
  } catch (error) {
    return [...findings, notServing(url, error)]
  }
  findings.push({ isWrong: false, what: `The server at ${url} can serve` })
  let session: Session
  try {
    session = await openSession(options)
  } catch (error) {
    return [...findings, notLoggedIn(error)]
  }
  const since = new Date(Date.now() - DAY_MS).toISOString()
  for (const { looksAt, find } of ACCOUNT_CHECKS) {
    try {
      findings.push(...(await find(session, since)))
    } catch (error) {
      const status = error instanceof RequestError ? error.status : undefined
      // A session that was kept has ended since.
      if (status === 401) return [...findings, notLoggedIn(error)]
      const what = `Not looked at: ${looksAt}: ${reasonOf(error)}`
      const remedy = 'log in as a user who may see it: parley login'
      findings.push({ isWrong: true, what, ...(status === 403 && { remedy }) })
    }
  }
  return findings
}

function notLoggedIn(error: unknown): Finding {
  return { isWrong: true, what: `No log-in: ${reasonOf(error)}`, remedy: 'parley login' }
}

function notServing(url: string, error: unknown): Finding {
  if (error instanceof RequestError) {
    const what = `The server at ${url} cannot serve: ${reasonOf(error)}`
    return { isWrong: true, what, remedy: "the server's log says why" }
  }
  if (isUntrusted(error)) {
    return {
      isWrong: true,
      what: `The certificate of ${url} is not trusted here`,
      remedy: TO_TRUST,
    }
  }
  const remedy = 'start it with npm start, or name its address with --url'
  return { isWrong: true, what: `No server answers at ${url}`, remedy }
}

function reasonOf(error: unknown): string {
  return error instanceof RequestError ? reasonOfAnswer(error) : explain(error)
}

function lineOf({ isWrong, what, remedy }: Finding): string {
  return `${isWrong ? 'WRONG' : 'ok   '} ${what}${remedy === undefined ? '' : `\n      → ${remedy}`}`
}

function summary(wrong: number): string {
  return wrong === 0
    ? 'Nothing is wrong'
    : `${wrong} ${wrong === 1 ? 'thing is' : 'things are'} wrong`
}
