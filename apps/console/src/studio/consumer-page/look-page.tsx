import { getAccountSettings, getConsumerPage } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../api/server.ts'
import { useMay } from '../session/use-session.ts'
import { CheckBox } from '../ui/check-box.tsx'
import { Choice } from '../ui/choice.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Page } from '../ui/page.tsx'
import { language as ownLanguage, locale } from '../words/index.ts'
import { type Draft, draftOf, draftOver, LANGUAGES, lookOf } from './draft.ts'
import { LookForm } from './look-form.tsx'
import { PreviewFrame } from './preview-frame.tsx'
import { LOOK_PATH } from './path.ts'
import { TagToCopy } from './tag-to-copy.tsx'
import { lookWords as t } from './words.ts'

/** How the window of consumers looks and what it says, beside the window itself. */
export function ConsumerLookPage() {
  const { accountId } = useParams({ from: LOOK_PATH })
  const mayWrite = useMay(accountId, 'account:write')
  /** What stands in the form, over what was saved when it was typed. */
  const [written, setWritten] = useState<{ draft: Draft; before: Draft }>()
  const [said, setSaid] = useState('')
  const query = useQuery({
    queryKey: ['settings', accountId],
    queryFn: () => ask(accountId, getAccountSettings),
  })
  return (
    <Page title={t.title}>
      {!mayWrite && <p className="notice">{t.readOnly}</p>}
      <p role="status">{said}</p>
      <Loaded query={query}>
        {({ consumerPage }) => {
          const stored = draftOf(consumerPage)
          const draft = written ? draftOver(written.draft, written.before, stored) : stored
          return (
            <div className="look">
              <div className="stack">
                <LookForm
                  accountId={accountId}
                  stored={stored}
                  draft={draft}
                  isDisabled={!mayWrite}
                  onChange={(changed) => setWritten({ draft: changed, before: stored })}
                  onTyped={() => setSaid('')}
                  onSaved={(sent) => {
                    // What was typed while it was saved is not saved.
                    setWritten((now) => now && { draft: now.draft, before: sent })
                    setSaid(t.saved)
                  }}
                />
              </div>
              <Preview accountId={accountId} look={lookOf(consumerPage, draft)} />
            </div>
          )
        }}
      </Loaded>
      <TagToCopy accountId={accountId} />
    </Page>
  )
}

function Preview({ accountId, look }: { accountId: string; look: ReturnType<typeof lookOf> }) {
  const {
    language = ownLanguage,
    closed = false,
    corner = false,
    talk = false,
  } = useSearch({
    from: LOOK_PATH,
  })
  const navigate = useNavigate({ from: LOOK_PATH })
  const change = (part: object): void =>
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true })
  const page = useQuery({
    queryKey: ['consumer-page', accountId],
    queryFn: () => ask(accountId, getConsumerPage),
  })
  return (
    <section className="stack preview-side" aria-label={t.preview}>
      <h2>{t.preview}</h2>
      <div className="filters">
        <Choice
          label={t.language}
          value={language}
          options={LANGUAGES.map((id) => ({ id, name: t.languages[id] }))}
          onChange={(id) => change({ language: id })}
        />
        <div className="stack tight">
          <CheckBox
            label={t.corner}
            isSelected={corner}
            onChange={(is) => change({ corner: is || undefined })}
          />
          <CheckBox
            label={t.whileClosed}
            isSelected={closed}
            onChange={(is) => change({ closed: is || undefined })}
          />
          <CheckBox
            label={t.withMessages}
            isSelected={talk}
            onChange={(is) => change({ talk: is || undefined })}
          />
        </div>
      </div>
      <PreviewFrame
        accountId={accountId}
        title={t.preview}
        language={language}
        scene={{
          look,
          isOpen: !closed,
          isEmbedded: corner,
          lines: talk
            ? [
                { by: 'consumer', text: t.said[language].consumer },
                { by: 'automatic', text: t.said[language].automatic },
                { by: 'agent', text: t.said[language].agent },
              ]
            : [],
        }}
      />
      {page.data && (
        <p className="faint">
          {t.hours(page.data.hours, locale)}{' '}
          <Link to="/$accountId/skills" params={{ accountId }}>
            {t.toHours}
          </Link>
        </p>
      )}
    </section>
  )
}
