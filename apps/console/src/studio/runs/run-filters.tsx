import { INVOCATION_STATES } from '@parley/contract'
import { useState } from 'react'
import { useFunctionEvents } from '../api/use-function-events.ts'
import { FilterField } from '../ui/filter-field.tsx'
import { Filter } from '../ui/filter.tsx'
import { FunctionFilter } from '../ui/function-filter.tsx'
import { SINCE } from '../ui/since.ts'
import { UnlessUnread } from '../ui/unless-unread.tsx'
import { runWords as t } from '../words/runs.ts'
import type { RunFilter } from './use-runs.ts'

interface Props {
  accountId: string
  filter: RunFilter
  onChange: (changed: RunFilter) => void
}

/** Which runs are listed: by function, outcome, event, version and time. */
export function RunFilters({ accountId, filter, onChange }: Props) {
  const events = useFunctionEvents(accountId)
  /** Emptied, the field stays until it is left: another one may be typed. */
  const [isInConversation, setInConversation] = useState(false)
  return (
    <>
      <FunctionFilter
        accountId={accountId}
        value={filter.functionId}
        onChange={(functionId) => onChange({ functionId, version: undefined })}
      />
      <Filter
        label={t.outcome}
        value={filter.outcome}
        options={INVOCATION_STATES.map((id) => ({ id, name: t.outcomes[id] }))}
        onChange={(outcome) => onChange({ outcome })}
      />
      <UnlessUnread query={events} isKept={filter.eventId !== undefined}>
        <Filter
          label={t.event}
          value={filter.eventId}
          options={(events.data?.events ?? []).map(({ eventId, name }) => ({ id: eventId, name }))}
          onChange={(eventId) => onChange({ eventId })}
        />
      </UnlessUnread>
      <Filter
        label={t.since}
        all={t.sinceOf.ever}
        value={filter.since}
        options={SINCE.map((id) => ({ id, name: t.sinceOf[id] }))}
        onChange={(since) => onChange({ since })}
      />
      {filter.functionId !== undefined && (
        <FilterField
          label={t.version}
          value={filter.version?.toString()}
          onChange={(typed = '') => onChange({ version: Number.parseInt(typed, 10) || undefined })}
        />
      )}
      {(filter.conversationId !== undefined || isInConversation) && (
        <FilterField
          label={t.conversation}
          value={filter.conversationId}
          onChange={(conversationId) => onChange({ conversationId })}
          onFocusChange={setInConversation}
        />
      )}
    </>
  )
}
