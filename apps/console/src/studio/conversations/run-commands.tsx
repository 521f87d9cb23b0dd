import { conversationWords as t } from '../words/conversations.ts'
import type { Run } from './timeline.ts'

/** What a run asked for, and what became of it. */
export function RunCommands({ run: { commands = [] } }: { run: Run }) {
  return (
    <>
      <h3>{t.commands}</h3>
      {commands.length === 0 && <p className="faint">{t.noCommands}</p>}
      <ul className="bare-list">
        {commands.map(({ type, applied, reason }, index) => (
          <li key={index}>
            <code>{type}</code>{' '}
            <span className={`chip ${applied ? 'good' : 'warn'}`}>
              {applied ? t.applied : t.ignored}
            </span>{' '}
            {reason !== undefined && <bdi>{reason}</bdi>}
          </li>
        ))}
      </ul>
    </>
  )
}
