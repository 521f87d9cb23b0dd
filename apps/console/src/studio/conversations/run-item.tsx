import { Code } from 'lucide-react'
import type { ReactNode } from 'react'
import type { TimelineItem } from '../ui/timeline-list.tsx'
import { conversationWords as t } from '../words/conversations.ts'
import { words } from '../words/index.ts'
import { type LineContext, nameOf } from './line-context.ts'
import { RunDetails } from './run-details.tsx'
import type { RunLine } from './timeline.ts'

const ICON_PX = 16

/**
 * A function that ran, as the list shows it.
 * @param effects what followed from it, where that is not commands and messages
 */
export function runItem(
  line: RunLine,
  context: Pick<LineContext, 'accountId' | 'names' | 'reveal'>,
  effects?: ReactNode,
): TimelineItem {
  const { key, at, last, attempts } = line
  const isBad = last.outcome !== 'SUCCEEDED'
  return {
    key,
    at,
    lane: 'function',
    isBad,
    icon: <Code aria-hidden size={ICON_PX} />,
    head: (
      <>
        <span className="timeline-who">{t.ran(nameOf(line, context))}</span>{' '}
        <span className={isBad ? 'bad' : 'good'}>{words.editor.outcomes[last.outcome]}</span>
        {attempts.length > 1 && <span className="chip warn">{t.attempts(attempts.length)}</span>}
        {last.commands?.map(({ type, applied }, index) => (
          <span key={index} className={`chip ${applied ? 'good' : 'warn'}`}>
            {type}: {applied ? t.applied : t.ignored}
          </span>
        ))}
        {isBad && last.errorMessage !== undefined && <bdi> {last.errorMessage}</bdi>}
      </>
    ),
    body: () => <RunDetails line={line} effects={effects} {...context} />,
  }
}
