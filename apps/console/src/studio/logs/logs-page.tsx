import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Pause, Play } from 'lucide-react'
import { useState } from 'react'
import { useFunctions } from '../api/use-names.ts'
import { Button } from '../ui/button.tsx'
import { FilterField } from '../ui/filter-field.tsx'
import { Filter } from '../ui/filter.tsx'
import { FunctionFilter } from '../ui/function-filter.tsx'
import { Page } from '../ui/page.tsx'
import { useUnread } from '../ui/use-unread.tsx'
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
  const { entries, query, ...live } = useLiveLogs(accountId, search)
  const { unread, notice } = useUnread(query)
  /** Who lets the list go on is shown the newest lines. */
  const [starts, setStarts] = useState(0)
  const names = useFunctions(accountId)
  const isFiltered = Object.values(search).some((value) => value !== undefined)
  const t = words.logs
  function onSwitch(): void {
    if (!live.isHeld) return live.hold()
    live.goOn()
    setStarts(starts + 1)
  }
  return (
    <Page
      title={t.title}
      isWide
      actions={
        <>
          <span role="status" className="faint">
            {live.isHeld ? t.paused(live.waiting) : live.isLive ? t.live : words.common.loading}
          </span>
          <Button onPress={onSwitch}>
            {live.isHeld ? <Play aria-hidden size={16} /> : <Pause aria-hidden size={16} />}
            {live.isHeld ? t.resume : t.pause}
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
        <FilterField
          label={t.text}
          value={search.text}
          maxLength={200}
          onChange={(text) => change({ text })}
        />
        {entries && (
          <p role="status" className="faint count">
            {t.count(entries.length, live.hasMore)}
          </p>
        )}
      </div>
      {notice}
      {!entries && unread === undefined && <Waiting />}
      {entries?.length === 0 && <p className="empty">{isFiltered ? t.noneSuch : t.none}</p>}
      {entries && entries.length > 0 && (
        <LogList
          key={starts}
          entries={entries}
          nameOf={names.functionName}
          hasMore={live.hasMore}
          onMore={live.more}
          onRead={live.hold}
          onSwitch={onSwitch}
        />
      )}
    </Page>
  )
}
