import { call, RequestError } from '@parley/client'
import { type ClockMove, type ClockState, getClock, moveClock, NEVER_BACK } from '@parley/contract'
import { Command } from 'commander'
import type { ConnectionOptions } from './connection.ts'
import { DURATION_RULE, durationMs, durationText } from './duration.ts'
import { openSession, withServer } from './session/open-session.ts'
import { print } from './table.ts'

const WORDS = ['next', 'hold', 'real'] as const

/** The clock of a development server: what it says, and how it is moved. */
export function clockCommand(): Command {
  return (
    withServer(new Command('clock').description('read or move the clock of a development server'))
      .argument('[move]', '+30m, to, next, hold or real; without it the clock is only read')
      .argument('[instant]', 'of "to", such as 2027-03-01T09:00Z')
      .option('--json', 'print JSON')
      // Else -30m would be refused as an option, without the reason.
      .allowUnknownOption()
      .addHelpText(
        'after',
        `
The server must have been started with PARLEY_CLOCK=virtual. Moving it makes everything happen that is due on the way, in its order, and
answers when nothing is running any more. Sessions and tokens live by real time.

Examples:
  parley clock                          what it says, and what becomes due next
  parley clock +30m                     move it by a duration ${DURATION_RULE}
  parley clock to 2027-03-01T09:00Z     move it to an instant
  parley clock next                     to what becomes due next in the account
  parley clock hold                     let it stand still
  parley clock real                     let it tick with the system's clock
`,
      )
      .action(
        async (
          move: string | undefined,
          instant: string | undefined,
          options: ConnectionOptions & { json?: boolean },
        ) => {
          const wanted = move === undefined ? undefined : moveOf(move, instant)
          const session = await openSession(options)
          const asked = wanted
            ? call(session, moveClock, { body: wanted })
            : call(session, getClock)
          const state = await asked.catch(explain)
          print(options.json, state, textOf(state))
        },
      )
  )
}

/** @throws an `Error` that says what is wrong with the words */
function moveOf(move: string, instant: string | undefined): ClockMove {
  if (move === 'to') {
    const at = Date.parse(instant ?? '')
    if (Number.isNaN(at)) {
      throw new Error(
        `to ${instant ?? ''}: must be followed by an instant, such as 2027-03-01T09:00Z`,
      )
    }
    return { move: 'to', at: new Date(at).toISOString() }
  }
  if (instant !== undefined) throw new Error(`${instant}: only "to" is followed by something`)
  const word = WORDS.find((one) => one === move)
  if (word) return { move: word }
  if (/^-\d/.test(move)) throw new Error(`${move}: ${NEVER_BACK}`)
  const ms = move.startsWith('+') ? durationMs(move.slice(1)) : undefined
  if (ms !== undefined) return { move: 'by', ms }
  throw new Error(`${move}: must be +<duration> ${DURATION_RULE}, to <instant>, next, hold or real`)
}

function textOf({ now, mode, aheadMs, nextTimer }: ClockState): string {
  const distance =
    Math.abs(aheadMs) < 1_000
      ? 'the same as the system'
      : `${durationText(aheadMs)} ${aheadMs > 0 ? 'ahead of' : 'behind'} the system`
  const lines = [`${now}  ${mode}, ${distance}`]
  if (nextTimer) {
    const { at, kind, key } = nextTimer
    const ms = Date.parse(at) - Date.parse(now)
    lines.push(`next: ${at}  in ${durationText(ms)}: ${kind} ${key}`)
  }
  return `${lines.join('\n')}\n`
}

function explain(thrown: unknown): never {
  if (thrown instanceof RequestError && thrown.status === 404) {
    throw new Error(
      'The clock of this server cannot be moved: start it with PARLEY_CLOCK=virtual',
      {
        cause: thrown,
      },
    )
  }
  throw thrown
}
