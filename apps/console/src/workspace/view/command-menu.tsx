import type { AgentCommand } from '@parley/contract'
import { argumentsOf, type TypedCommand } from '../desk/typed-command.ts'
import { t } from '../words.ts'

interface Props {
  id: string
  typed: TypedCommand
  picked: number
  onPick: (command: AgentCommand) => void
}

export const optionId = (menuId: string, index: number): string => `${menuId}-${index}`

/** Above the field: the commands that what is typed may become, or the arguments of the one that is typed. */
export function CommandMenu({ id, typed, picked, onPick }: Props) {
  const { rest, found, exact } = typed
  if (rest !== undefined && exact) return <Arguments command={exact} rest={rest} />
  if (found.length === 0) {
    return (
      <p className="commands notice" role="status">
        {t.commands.none}
      </p>
    )
  }
  return (
    <ul className="commands list-box" role="listbox" id={id} aria-label={t.commands.title}>
      {found.map((command, index) => (
        <li
          key={command.name}
          id={optionId(id, index)}
          role="option"
          aria-selected={index === picked}
          // The field keeps the focus.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onPick(command)}
        >
          <span>
            <strong>/{command.name}</strong> {command.hint !== '' && <code>{command.hint}</code>}
          </span>
          <span slot="description">{withoutHint(command)}</span>
        </li>
      ))}
    </ul>
  )
}

function Arguments({ command, rest }: { command: AgentCommand; rest: string }) {
  return (
    <p className="commands arguments" role="status">
      <strong>/{command.name}</strong>{' '}
      {argumentsOf(command, rest).map(({ name, isOptional, isCurrent }) => (
        <span key={name} className={isCurrent ? 'current' : 'faint'}>
          {name}
          {isOptional && ` (${t.commands.optional})`}{' '}
        </span>
      ))}
      <span className="faint">{t.commands.runs}</span>
    </p>
  )
}

function withoutHint({ description }: AgentCommand): string {
  return description.replace(/^\s*\[[^[\]]*\]\s*-?\s*/, '')
}
