import type { LogEntry } from '@parley/contract'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Pause, Play } from 'lucide-react'
import { useState } from 'react'
import { useNames } from '../api/use-names.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Field } from '../ui/field.tsx'
import { Filter } from '../ui/filter.tsx'
import { FunctionFilter } from '../ui/function-filter.tsx'
import { Page } from '../ui/page.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { words } from '../words/index.ts'
import { LogList } from './log-list.tsx'
import { useLiveLogs } from './use-live-logs.ts'

const LEVELS = ['Info', 'Warn', 'Error'] as const

/** What functions have logged in the last day, and what they log now. */
export function LogsPage() {
  const { accountId } = useParams({ from: '/$accountId/logs' })
  const search = useSearch({ from: '/$accountId/logs' })
  const navigate = useNavigate({ from: '/$accountId/logs' })
  const change = (part: Partial<typeof search>): void =>
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true })
  const { entries, isLive, error } = useLiveLogs(accountId, search)
  const [held, setHeld] = useState<readonly LogEntry[]>()
  const names = useNames(accountId)
  const t = words.logs
  const shown = held ?? entries
  return (
    <Page
      title={t.title}
      isWide
      actions={
        <>
          <span role="status" className="faint">
            {held && entries
              ? t.paused(entries.length - held.length)
              : isLive
                ? t.live
                : words.common.loading}
          </span>
          <Button onPress={() => setHeld(held ? undefined : entries)}>
            {held ? <Play aria-hidden size={16} /> : <Pause aria-hidden size={16} />}
            {held ? t.resume : t.pause}
          </Button>
        </>
      }
    >
      <div className="filters" role="search">
        <FunctionFilter
          accountId={accountId}
          value={search.functionId}
          onChange={(functionId) => change({ functionId })}
        />
        <Filter
          label={t.level}
          value={search.level}
          options={LEVELS.map((level) => ({ id: level, name: t.levels[level] }))}
          onChange={(level) => change({ level })}
        />
        <Field
          label={t.text}
          type="search"
          defaultValue={search.text ?? ''}
          onChange={(text) => change({ text: text || undefined })}
        />
        {shown && <p className="faint count">{t.count(shown.length)}</p>}
      </div>
      {error !== undefined && <ErrorNotice error={error} />}
      {!shown && error === undefined && <Waiting />}
      {shown?.length === 0 && <p className="empty">{t.none}</p>}
      {shown && shown.length > 0 && <LogList entries={shown} nameOf={names.functionName} />}
    </Page>
  )
}
