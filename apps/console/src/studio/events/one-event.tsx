import { type FunctionSummary, testFunction } from '@parley/contract'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { ask } from '../api/server.ts'
import { useMay } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Field } from '../ui/field.tsx'
import { parseJson } from '../ui/parse-json.ts'
import { meaningOfEvent } from '../words/event-meanings.ts'
import { eventWords } from '../words/events.ts'
import { operateWords } from '../words/operate.ts'
import type { CatalogueEvent } from './catalogue-event.ts'
import { EventSchemas } from './event-schemas.tsx'
import { TestResult } from './test-result.tsx'

interface Props {
  accountId: string
  event: CatalogueEvent
  /** Functions of this event. */
  handlers: readonly FunctionSummary[]
}

/** What one event carries, and what a function makes of it. */
export function OneEvent({ accountId, event, handlers }: Props) {
  const mayRun = useMay(accountId, 'function:invoke')
  const mayWrite = useMay(accountId, 'function:write')
  const mayReadRuns = useMay(accountId, 'record:read')
  const t = eventWords
  return (
    <>
      <p>{meaningOfEvent(event)}</p>
      <p className="faint">
        <code>{event.eventId}</code> · {t.source}: {event.source} · {t.limit}: {event.limit} ·{' '}
        {t.skills}: {event.supportsSkills ? operateWords.yes : operateWords.no}
      </p>
      <p className="links">
        {mayWrite && (
          <Link
            to="/$accountId/functions/new"
            params={{ accountId }}
            search={{ event: event.eventId }}
          >
            {t.create}
          </Link>
        )}
        {mayReadRuns && (
          <Link to="/$accountId/runs" params={{ accountId }} search={{ eventId: event.eventId }}>
            {t.runs}
          </Link>
        )}
      </p>
      <EventSchemas accountId={accountId} eventId={event.eventId} />
      <TestEvent accountId={accountId} event={event} handlers={mayRun ? handlers : []} />
    </>
  )
}

function TestEvent({ accountId, event, handlers }: Props) {
  const sample = JSON.stringify(payloadOf(event.samplePayload), null, 2)
  const [payload, setPayload] = useState(sample)
  const [wanted, setWanted] = useState<string>()
  const [target, setTarget] = useState<'deployed' | 'draft'>()
  const chosen = handlers.find(({ functionId }) => functionId === wanted) ?? handlers[0]
  const version = target ?? (chosen?.liveVersion === undefined ? 'draft' : 'deployed')
  const parsed = parseJson(payload)
  const t = eventWords
  const send = useMutation({
    mutationFn: async () => {
      if (!parsed.ok) throw new Error(`${operateWords.notJson} ${parsed.reason}`)
      if (!chosen) throw new Error(t.noTarget)
      return await ask(accountId, testFunction, {
        params: { functionId: chosen.functionId },
        body: { target: version, payload: parsed.value },
      })
    },
  })
  function submit(submitted: FormEvent): void {
    submitted.preventDefault()
    send.mutate()
  }
  return (
    <div className="two-columns">
      <form className="stack mono" onSubmit={submit} aria-label={t.payload}>
        <h2>{t.payload}</h2>
        <Field
          label={t.payload}
          hint={t.payloadHint}
          value={payload}
          onChange={setPayload}
          lines={16}
          spellCheck="false"
        />
        {!parsed.ok && (
          <p role="alert" className="bad">
            {operateWords.notJson} {parsed.reason}
          </p>
        )}
        {chosen ? (
          <div className="filters">
            <Choice
              label={operateWords.function}
              value={chosen.functionId}
              options={handlers.map(({ functionId, name }) => ({ id: functionId, name }))}
              onChange={setWanted}
            />
            <Choice
              label={t.target}
              value={version}
              options={(['deployed', 'draft'] as const).map((id) => ({ id, name: t.targets[id] }))}
              onChange={(id) => setTarget(id === 'draft' ? 'draft' : 'deployed')}
            />
            <Button type="submit" kind="primary" isPending={send.isPending} isDisabled={!parsed.ok}>
              {t.send}
            </Button>
          </div>
        ) : (
          <p className="faint">{t.noTarget}</p>
        )}
        {payload !== sample && (
          <p>
            <Button kind="quiet" onPress={() => setPayload(sample)}>
              {t.reset}
            </Button>
          </p>
        )}
      </form>
      <section className="stack" aria-label={t.sent} aria-live="polite">
        {send.error && <ErrorNotice error={send.error} />}
        {send.data && <TestResult accountId={accountId} result={send.data} />}
      </section>
    </div>
  )
}

/** Examples are whole inputs of functions: with headers. */
function payloadOf(sample: unknown): unknown {
  return typeof sample === 'object' && sample !== null && 'payload' in sample
    ? sample.payload
    : sample
}
