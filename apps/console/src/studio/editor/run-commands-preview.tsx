import { COMMANDS } from '@parley/contract/commands'
import { readCommands } from '@parley/contract/read-commands'
import { words } from '../words/index.ts'

/** What the commands of a result would do in a conversation: those that count, in the order in which they act, then the others and why. */
export function RunCommandsPreview({ result }: { result: unknown }) {
  const t = words.editor
  const { commands, ignored, notes } = readCommands(result)
  if (commands.length + ignored.length === 0) return null
  return (
    <>
      <h3>{t.commands}</h3>
      <ol className="commands">
        {commands.map((command) => (
          <li key={command.type}>
            <span className="chip good">{t.would}</span> <strong>{command.type}</strong>{' '}
            <bdi>{sayingOf(command)}</bdi> {notes[command.type]}
          </li>
        ))}
        {ignored.map(({ type, reason }, index) => (
          <li key={`ignored-${index}`}>
            <span className="chip warn">{t.ignored}</span> <strong>{type}</strong> {reason}
          </li>
        ))}
      </ol>
    </>
  )
}

function sayingOf(command: ReturnType<typeof readCommands>['commands'][number]): string {
  const asked = COMMANDS[command.type].ask(command, {
    accountId: '',
    eventId: '',
    isLoop: false,
    transferToAgentEnabled: true,
  })
  if (asked.action?.type === 'message') return words.editor.sends(asked.action.text)
  const { type: _, ...rest } = command
  return [Object.keys(rest).length > 0 ? JSON.stringify(rest) : '', ...asked.reasons].join(' ')
}
