import {
  type AutomaticMessage,
  changeAccountSettings,
  listAutomaticMessages,
} from '@parley/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../api/server.ts'
import { useAccountSettings } from '../api/use-account-settings.ts'
import { useMay } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Filter } from '../ui/filter.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Page } from '../ui/page.tsx'
import { SkillFilter } from '../ui/skill-filter.tsx'
import { locale } from '../words/index.ts'
import { LanguageField } from './language-field.tsx'
import { MessageDialog } from './message-dialog.tsx'
import { MessagesTable } from './messages-table.tsx'
import { languagesOf, MESSAGES_PATH } from './scope.ts'
import { messageWords as t } from './words.ts'

/** What consumers are told when something happens: each kind, for all or for a skill and a language. */
export function AutomaticMessagesPage() {
  const { accountId } = useParams({ from: MESSAGES_PATH })
  const { skill, language, type } = useSearch({ from: MESSAGES_PATH })
  const navigate = useNavigate({ from: MESSAGES_PATH })
  const [said, setSaid] = useState('')
  const query = useQuery({
    queryKey: ['automatic-messages', accountId],
    queryFn: () => ask(accountId, listAutomaticMessages),
  })
  const account = useAccountSettings(accountId).data
  const change = (part: { skill?: string; language?: string; type?: AutomaticMessage['type'] }) =>
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true })
  return (
    <Page title={t.title}>
      <p className="faint">{t.intro}</p>
      <SwitchedOff accountId={accountId} />
      <p role="status">{said}</p>
      <Loaded query={query}>
        {({ defaults, settings }) => {
          const one = defaults.find((message) => message.type === type)
          return (
            <>
              <div className="filters" role="search">
                <Filter
                  label={t.language}
                  all={t.allLanguages}
                  value={language}
                  options={languagesOf(settings, language).map((id) => ({
                    id,
                    name: languageName(id),
                  }))}
                  onChange={(id) =>
                    void navigate({ search: { skill, language: id }, replace: true })
                  }
                />
                <LanguageField onChosen={(id) => change({ language: id })} />
                <SkillFilter
                  accountId={accountId}
                  label={t.skill}
                  all={t.allSkills}
                  value={skill}
                  onChange={(id) =>
                    void navigate({ search: { skill: id, language }, replace: true })
                  }
                />
              </div>
              <p className="faint">{t.functionHint}</p>
              <MessagesTable
                accountId={accountId}
                scope={{ skill, language }}
                types={defaults.map((message) => message.type)}
                settings={settings}
                accountLanguage={account?.language}
                onEdit={(chosen) => change({ type: chosen })}
              />
              {one && (
                <MessageDialog
                  key={one.type}
                  accountId={accountId}
                  scope={{ skill, language }}
                  type={one.type}
                  settings={settings}
                  accountLanguage={account?.language}
                  onClose={(done) => {
                    if (done !== undefined) setSaid(done)
                    void navigate({
                      search: { skill, language },
                      replace: true,
                      ignoreBlocker: true,
                    })
                  }}
                />
              )}
            </>
          )
        }}
      </Loaded>
    </Page>
  )
}

/** What stands in the address may be no language at all. */
function languageName(tag: string): string {
  try {
    return `${new Intl.DisplayNames(locale, { type: 'language' }).of(tag) ?? tag} (${tag})`
  } catch {
    return tag
  }
}

/** Says so where the account sends none at all. */
function SwitchedOff({ accountId }: { accountId: string }) {
  const mayWrite = useMay(accountId, 'account:write')
  const client = useQueryClient()
  const { data } = useAccountSettings(accountId)
  const { error, isPending, mutate } = useMutation({
    mutationFn: () =>
      ask(accountId, changeAccountSettings, { body: { controllerBotEnabled: true } }),
    onSuccess: (settings) => client.setQueryData(['settings', accountId], settings),
  })
  if (data === undefined || data.controllerBotEnabled) return null
  return (
    <div className="notice" role="note">
      <p>{t.off}</p>
      {mayWrite && (
        <Button isPending={isPending} onPress={() => mutate()}>
          {t.switchOn}
        </Button>
      )}
      {error && <ErrorNotice error={error} />}
    </div>
  )
}
