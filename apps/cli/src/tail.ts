import { Command } from 'commander'
import type { ConnectionOptions } from './connection.ts'
import { findFunctionByName } from './functions.ts'
import { functionNames } from './logs.ts'
import { openSession, withServer } from './session/open-session.ts'
import { activityText } from './tail/activity-lines.ts'
import { watchActivity } from './tail/watch-activity.ts'
import { writeNote, writeOut } from './visible.ts'

interface TailOptions extends ConnectionOptions {
  conversation?: string
  function?: string
  json?: boolean
}

/** Shows what happens while it happens: events, messages, runs with their commands, logs. */
export function tailCommand(): Command {
  return withServer(
    new Command('tail').description('watch conversations and functions as they happen'),
  )
    .option('--conversation <id>', 'only this conversation')
    .option('--function <name>', 'only runs and logs of this function')
    .option('--json', 'one JSON object on each line')
    .addHelpText(
      'after',
      `
Goes on until Ctrl-C. A lost connection is taken up again, and what happened meanwhile is shown.

Examples:
  parley tail
  parley tail --function greet --json
`,
    )
    .action(async (options: TailOptions) => {
      const session = await openSession(options)
      const { conversation: conversationId } = options
      const functionId =
        options.function && (await findFunctionByName(session, options.function)).functionId
      const nameOf = await functionNames(session)
      const stopping = new AbortController()
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort())
      const note = (text: string) => writeNote(`${text}\n`)
      await watchActivity(() => openSession(options), {
        filter: { conversationId, functionId },
        signal: stopping.signal,
        note,
        ready: () => note('Watching; Ctrl-C ends it'),
        show(activity) {
          const text = options.json
            ? `${JSON.stringify({ conversationId: activity.conversationId, ...activity.entry })}\n`
            : activityText(activity, nameOf)
          writeOut(text)
        },
      })
    })
}
