import { listFunctions, type LogEntry } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Pause, Play } from 'lucide-react'
import { useState } from 'react'
import { ask } from '../api/server.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Field } from '../ui/field.tsx'
import { Page } from '../ui/page.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { words } from '../words/index.ts'
import { LogList } from './log-list.tsx'
import { useLiveLogs } from './use-live-logs.ts'

const ALL = 'all'
const LEVELS = ['Info', 'Warn', 'Error'] as const

/** What functions have logged in the last day, and what they log now. */
export function LogsPage() {
  const { accountId } = useParams({ from: '/$accountId/logs' })
  const search = useSearch({ from: '/$accountId/logs' })
  const navigate = useNavigate({ from: '/$accountId/logs' })
  const { entries, isLive, error } = useLiveLogs(accountId, search)
  const [held, setHeld] = useState<readonly LogEntry[]>()
  const { data } = useQuery({
    queryKey: ['functions', accountId],
    queryFn: () => ask(accountId, listFunctions),
  })
  const names = new Map(data?.functions.map(({ functionId, name }) => [functionId, name]))
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
        <Choice
          label={t.function}
          value={search.functionId ?? ALL}
          options={[
            { id: ALL, name: t.all },
            ...(data?.functions ?? []).map(({ functionId, name }) => ({ id: functionId, name })),
          ]}
          onChange={(id) =>
            void navigate({
              search: (old) => ({ ...old, functionId: id === ALL ? undefined : id }),
              replace: true,
            })
          }
        />
        <Choice
          label={t.level}
          value={search.level ?? ALL}
          options={[
            { id: ALL, name: t.all },
            ...LEVELS.map((level) => ({ id: level, name: t.levels[level] })),
          ]}
          onChange={(id) =>
            void navigate({
              search: (old) => ({ ...old, level: LEVELS.find((level) => level === id) }),
              replace: true,
            })
          }
        />
        <Field
          label={t.text}
          type="search"
          defaultValue={search.text ?? ''}
          onChange={(text) =>
            void navigate({ search: (old) => ({ ...old, text: text || undefined }), replace: true })
          }
        />
        {shown && <p className="faint count">{t.count(shown.length)}</p>}
      </div>
      {error !== undefined && <ErrorNotice error={error} />}
      {!shown && error === undefined && <Waiting />}
      {shown?.length === 0 && <p className="empty">{t.none}</p>}
      {shown && shown.length > 0 && (
        <LogList entries={shown} nameOf={(id) => names.get(id) ?? id.slice(0, 8)} />
      )}
    </Page>
  )
}
