import { getEventSchemas } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { type ToggleEvent, useState } from 'react'
import { ask } from '../api/server.ts'
import { Copy } from '../ui/copy.tsx'
import { JsonView } from '../ui/json-view.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { eventWords as t } from '../words/events.ts'

interface Props {
  accountId: string
  eventId: string
}

/** What the payload of an event has, and what a function may return, for whoever wants to check it elsewhere. */
export function EventSchemas({ accountId, eventId }: Props) {
  const [isOpen, setOpen] = useState(false)
  const query = useQuery({
    queryKey: ['event-schemas', accountId, eventId],
    queryFn: () => ask(accountId, getEventSchemas, { params: { eventId } }),
    enabled: isOpen,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <details
      onToggle={({ newState }: ToggleEvent<HTMLDetailsElement>) => setOpen(newState === 'open')}
    >
      <summary>{t.schemas}</summary>
      {isOpen && (
        <Loaded query={query}>
          {(schemas) => (
            <div className="two-columns">
              {(['payload', 'result'] as const).map((part) => (
                <section key={part} className="stack" aria-label={t.schemaOf[part]}>
                  <h2>{t.schemaOf[part]}</h2>
                  <p>
                    <Copy text={JSON.stringify(schemas[part], null, 2)} />
                  </p>
                  <JsonView label={t.schemaOf[part]} value={schemas[part]} />
                </section>
              ))}
            </div>
          )}
        </Loaded>
      )}
    </details>
  )
}
