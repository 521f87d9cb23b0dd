import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { Choice } from '../ui/choice.tsx'
import { LiveSwitch } from '../ui/live-switch.tsx'
import { Page } from '../ui/page.tsx'
import { FiguresView } from './figures-view.tsx'
import { NowView } from './now-view.tsx'
import { BOARD_PATH, VIEWS } from './search.ts'
import { boardWords as t } from './words.ts'

/** What supervisors watch: what is open now, or what happened today and this week. */
export function BoardPage() {
  const { accountId } = useParams({ from: BOARD_PATH })
  const search = useSearch({ from: BOARD_PATH })
  const navigate = useNavigate({ from: BOARD_PATH })
  const [isHeld, setHeld] = useState(false)
  const view = search.view ?? 'now'
  const change = (part: Partial<typeof search>): void =>
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true })
  return (
    <Page
      title={t.title}
      actions={
        <>
          <Choice
            label={t.show}
            value={view}
            options={VIEWS.map((id) => ({ id, name: t.views[id] }))}
            onChange={(id) => change({ view: VIEWS.find((known) => known === id) })}
          />
          <LiveSwitch isHeld={isHeld} onHold={setHeld} />
        </>
      }
    >
      {view === 'now' ? (
        <NowView {...{ accountId, search, isHeld, change }} />
      ) : (
        <FiguresView {...{ accountId, search, isHeld, change }} span={view} />
      )}
    </Page>
  )
}
