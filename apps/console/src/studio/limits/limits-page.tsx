import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useAccountSettings } from '../api/use-account-settings.ts'
import { useMay } from '../session/use-session.ts'
import { Choice } from '../ui/choice.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Page } from '../ui/page.tsx'
import { GroupForm } from './group-form.tsx'
import { KeptTable } from './kept-table.tsx'
import { GROUPS, LIMITS_PATH } from './path.ts'
import { limitWords as t } from './words.ts'

/** The figures that an account may set: with what they are unless set, and their bounds. */
export function LimitsPage() {
  const { accountId } = useParams({ from: LIMITS_PATH })
  const { group = 'limits' } = useSearch({ from: LIMITS_PATH })
  const navigate = useNavigate({ from: LIMITS_PATH })
  const mayWrite = useMay(accountId, 'account:write')
  const [said, setSaid] = useState('')
  const query = useAccountSettings(accountId)
  return (
    <Page
      title={t.title}
      actions={
        <Choice
          label={t.show}
          value={group}
          options={GROUPS.map((id) => ({ id, name: t.groups[id] }))}
          onChange={(id) => {
            setSaid('')
            void navigate({
              search: { group: GROUPS.find((known) => known === id) },
              replace: true,
            })
          }}
        />
      }
    >
      <p className="faint">{t.intros[group]}</p>
      <p role="status">{said}</p>
      <Loaded query={query}>
        {(settings) => (
          <GroupForm
            key={group}
            accountId={accountId}
            group={group}
            stored={settings[group]}
            isDisabled={!mayWrite}
            onSaid={setSaid}
          />
        )}
      </Loaded>
      {group === 'retention' && <KeptTable accountId={accountId} />}
    </Page>
  )
}
