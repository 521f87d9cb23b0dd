import {
  argumentsOf,
  type Callable,
  type TypedCommand,
  unfinishedPart,
} from '../desk/typed-command.ts'
import { t } from '../words.ts'

interface Props {
  id: string
  typed: TypedCommand
  /** It was to be run before it was finished: says what it lacks. */
  isTooEarly: boolean
  picked: number
  onPick: (command: Callable) => void
}

export const optionId = (menuId: string, index: number): string => `${menuId}-${index}`

/** Above the field: the commands that what is typed may become, or the arguments of the one that is typed. */
export function CommandMenu({ id, typed, isTooEarly, picked, onPick }: Props) {
  const { rest, found, exact } = typed
  if (rest !== undefined && exact?.kind === 'command')
    return <Arguments command={exact} rest={rest} isTooEarly={isTooEarly} />
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
            <strong>/{command.name}</strong>{' '}
            {command.kind === 'command' && command.hint !== '' && <code>{command.hint}</code>}
            {command.kind === 'answer' && <span className="faint">{t.commands.canned}</span>}
          </span>
          <span slot="description" className="talk-last">
            {command.kind === 'answer' ? command.text : withoutHint(command)}
          </span>
        </li>
      ))}
    </ul>
  )
}

type Command = Extract<Callable, { kind: 'command' }>

interface ArgumentsProps {
  command: Command
  rest: string
  isTooEarly: boolean
}

function Arguments({ command, rest, isTooEarly }: ArgumentsProps) {
  const lacks = isTooEarly ? unfinishedPart(command, rest) : undefined
  return (
    <p className="commands arguments" role="status">
      <strong>/{command.name}</strong>{' '}
      {argumentsOf(command, rest).map(({ name, isOptional, isCurrent }) => (
        <span key={name} className={isCurrent ? 'current' : 'faint'}>
          {name}
          {isOptional && ` (${t.commands.optional})`}{' '}
        </span>
      ))}
      {lacks ? (
        <span className="bad">
          {lacks === 'quote' ? t.commands.openQuote : t.commands.missing(lacks.join(', '))}
        </span>
      ) : (
        <span className="faint">{t.commands.runs}</span>
      )}
    </p>
  )
}

function withoutHint({ description }: Command): string {
  return description.replace(/^\s*\[[^[\]]*\]\s*-?\s*/, '')
}
