import { Button } from '../ui/button.tsx'
import { JsonView } from '../ui/json-view.tsx'
import { conversationWords } from '../words/conversations.ts'
import { locale } from '../words/index.ts'
import type { MessageLine } from './timeline.ts'
import { type LineContext, nameOf, whoOf } from './line-context.ts'
import { RunLinks } from './run-links.tsx'

interface Props extends LineContext {
  line: MessageLine
}

/** Why a message was said, and whether its consumer has seen it. */
export function MessageDetails({ line, ...context }: Props) {
  const t = conversationWords
  const { entry, seen } = line
  const at = seen && new Date(seen.at).toLocaleTimeString(locale)
  const isToConsumer = entry.audience === 'ALL' && entry.by.role !== 'CONSUMER'
  return (
    <>
      <h3>{t.why}</h3>
      <Why line={line} {...context} />
      {isToConsumer && <p>{seen && at ? t.seen[seen.status](at) : t.seen.none}</p>}
      <details>
        <summary>{t.raw}</summary>
        <JsonView label={t.raw} value={entry} />
      </details>
    </>
  )
}

function Why({ line, ...context }: Props) {
  const t = conversationWords
  const { entry, cause, asked } = line
  if (entry.by.role !== 'CONTROLLER') return <p>{t.whyWriter(whoOf(line, context))}</p>
  const run = cause ?? asked
  if (!run) {
    return (
      <p>
        {t.whyDefault} {t.whyNone}
      </p>
    )
  }
  const name = nameOf(run, context)
  const { last } = run
  return (
    <>
      {cause ? (
        <p>{t.whyFunction(last.eventId ?? t.called)}</p>
      ) : (
        <p>
          {t.whyDefault} {last.outcome === 'SUCCEEDED' ? t.whyLate(name) : t.whyFailed(name)}{' '}
          {last.errorMessage !== undefined && <bdi className="bad">{last.errorMessage}</bdi>}
        </p>
      )}
      <dl className="pairs">
        <dt>{t.ran('')}</dt>
        <dd>
          <bdi>{name}</bdi>, {t.version(last.version)}
        </dd>
      </dl>
      <RunLinks accountId={context.accountId} run={last}>
        <Button kind="quiet" onPress={() => context.reveal(run.key)}>
          {t.cause}
        </Button>
      </RunLinks>
    </>
  )
}
