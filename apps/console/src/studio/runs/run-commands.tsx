import type { WholeInvocation } from '@parley/contract'
import { CircleCheck, CircleSlash } from 'lucide-react'
import { runWords as t } from '../words/runs.ts'

/** What became of each command of the result. */
export function RunCommands({ commands, result }: Pick<WholeInvocation, 'commands' | 'result'>) {
  if (!commands || commands.length === 0) return <p className="faint">{t.noCommands}</p>
  const wanted: readonly unknown[] =
    Array.isArray(result) && result.length === commands.length ? result : []
  return (
    <ol className="commands">
      {commands.map(({ type, applied, reason }, index) => (
        <li key={`${type}-${index}`}>
          <span className={`chip ${applied ? 'good' : 'warn'}`}>
            {applied ? (
              <CircleCheck aria-hidden size={14} />
            ) : (
              <CircleSlash aria-hidden size={14} />
            )}
            {applied ? t.applied : t.ignored}
          </span>{' '}
          <strong>{type}</strong> {reason !== undefined && <span>{reason}</span>}
          {wanted[index] !== undefined && (
            <details>
              <summary>{t.result}</summary>
              <pre tabIndex={0}>{JSON.stringify(wanted[index], null, 2)}</pre>
            </details>
          )}
        </li>
      ))}
    </ol>
  )
}
