import { MessageSquareText, WifiOff, X } from 'lucide-react'
import { Suspense, useEffect, useRef, useState } from 'react'
import { lazyPart } from '../../studio/api/lazy-part.ts'
import { useNames } from '../../studio/api/use-names.ts'
import { session, type SignedIn } from '../../studio/session/session.ts'
import { useCaller, useMay } from '../../studio/session/use-session.ts'
import { AccountLabel } from '../../studio/shell/account-label.tsx'
import { UserMenu } from '../../studio/shell/user-menu.tsx'
import { Button } from '../../studio/ui/button.tsx'
import { words } from '../../studio/words/index.ts'
import { useAlerts } from '../beside/alerts.ts'
import { AlertsMenu } from '../beside/alerts-menu.tsx'
import { openCommandRuns } from '../desk/command-runs.ts'
import type { Desk } from '../desk/desk.ts'
import { isOwn, type State, talkOf } from '../desk/state.ts'
import { goTo, usePlace } from '../place.ts'
import { besideWords } from '../beside/words.ts'
import { t } from '../words.ts'
import { FactsPane } from './facts-pane.tsx'
import { QueuePane } from './queue-pane.tsx'
import { StatusChoice } from './status-choice.tsx'
import { TalkPane } from './talk-pane.tsx'
import { useDesk, useDeskState } from './use-desk.ts'
import { useTalkKeys } from './use-talk-keys.ts'

/** Few may change them. */
const CannedAnswers = lazyPart(() => import('../beside/canned-answers.tsx'), 'CannedAnswers')

interface Props {
  signedIn: SignedIn
  isEnded: boolean
  userId: string
  pid: string
}

/** What is around the conversations of an agent: queue, conversation and what is known of the consumer. */
export function DeskPage({ signedIn, isEnded, userId, pid }: Props) {
  const { accountId } = signedIn
  const bearer = isEnded ? undefined : signedIn.bearer
  const desk = useDesk({ accountId, userId, pid, bearer })
  const state = useDeskState(desk)
  const names = useNames(accountId)
  const { conversationId } = usePlace()
  useEffect(() => desk.select(conversationId), [desk, conversationId])
  useTalkKeys(desk, accountId)
  useAlerts(desk, state)
  useOwnSkills(desk, signedIn, !isEnded)
  const mayEdit = useMay(accountId, 'account:write')
  const [isEditing, setEditing] = useState(false)
  const mine = state.talks.filter(isOwn).length
  const talk = talkOf(state, conversationId)
  const [isFactsShown, setFactsShown] = useState(false)
  const facts = useRef<HTMLElement>(null)
  // In a low window they stand below what is seen.
  useEffect(() => {
    if (isFactsShown) facts.current?.scrollIntoView({ block: 'nearest' })
  }, [isFactsShown])
  const [runs] = useState(openCommandRuns)
  const shared = { desk, state, accountId, names }
  return (
    <div className={`desk ${talk ? 'has-talk' : ''} ${isFactsShown ? 'shows-facts' : ''}`}>
      <a className="skip" href="#talk">
        {words.common.skip}
      </a>
      <header className="top">
        <h1 className="brand">{t.title}</h1>
        <AccountLabel accountId={accountId} />
        <span className="space" />
        <StatusChoice
          desk={desk}
          availability={state.availability}
          used={mine}
          most={state.maxSlots}
        />
        {mayEdit && (
          <Button
            kind="quiet"
            aria-label={besideWords.canned.title}
            onPress={() => setEditing(true)}
          >
            <MessageSquareText aria-hidden size={18} />
          </Button>
        )}
        <AlertsMenu desk={desk} />
        <UserMenu {...signedIn} />
      </header>
      <Banner desk={desk} state={state} onHere={() => session.end(accountId, signedIn.bearer)} />
      <main className="panes">
        <QueuePane {...shared} />
        <section id="talk" className="talk-pane" tabIndex={-1} aria-label={t.conversation}>
          {talk ? (
            <TalkPane
              key={talk.conversationId}
              {...shared}
              talk={talk}
              pid={pid}
              runs={runs}
              onFacts={() => setFactsShown(!isFactsShown)}
            />
          ) : (
            <p className="empty">{t.choose}</p>
          )}
        </section>
        <section className="facts-pane" ref={facts} tabIndex={-1} aria-label={t.consumer}>
          {talk && (
            <FactsPane
              key={talk.conversationId}
              {...shared}
              talk={talk}
              reader={{ userId, pid }}
              onLeave={() => goTo(accountId)}
            />
          )}
        </section>
      </main>
      <Suspense>
        {isEditing && (
          <CannedAnswers
            accountId={accountId}
            skills={names.skills}
            onClose={() => setEditing(false)}
          />
        )}
      </Suspense>
    </div>
  )
}

/** What the agent may serve now: an administrator may change it while the page is open. */
function useOwnSkills(desk: Desk, signedIn: SignedIn, isSignedIn: boolean): void {
  const user = useCaller(signedIn, isSignedIn)?.user
  useEffect(() => {
    if (user) desk.setOwn(user)
  }, [desk, user])
}

interface BannerProps {
  desk: Desk
  state: State
  onHere: () => void
}

/** What keeps the agent from working, and what the server has refused. */
function Banner({ desk, state: { connection, notice }, onHere }: BannerProps) {
  return (
    <div className="banners">
      <div
        role="status"
        className={connection === 'lost' || connection === 'elsewhere' ? 'lost' : ''}
      >
        {connection === 'lost' && (
          <>
            <WifiOff aria-hidden size={16} />
            {t.lost}
          </>
        )}
        {connection === 'elsewhere' && (
          <>
            {t.elsewhere}
            <Button onPress={onHere}>{t.here}</Button>
          </>
        )}
      </div>
      <div role="alert" className={notice === undefined ? '' : 'notice error'}>
        {notice !== undefined && (
          <>
            <p>{notice}</p>
            <Button kind="quiet" aria-label={t.dismiss} onPress={() => desk.tell(undefined)}>
              <X aria-hidden size={16} />
            </Button>
          </>
        )}
      </div>
    </div>
  )
}
