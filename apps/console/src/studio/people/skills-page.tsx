import { deleteSkill, listCalendars, listSkills, listUsers, type Skill } from '@parley/contract'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { ask } from '../api/server.ts'
import { useMay } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { FilterField } from '../ui/filter-field.tsx'
import { Listed } from '../ui/listed.tsx'
import { Page } from '../ui/page.tsx'
import { RemoveDialog } from '../ui/remove-dialog.tsx'
import { operateWords } from '../words/operate.ts'
import { HoursSection } from './hours-section.tsx'
import { HoursStatus } from './hours-status.tsx'
import { hoursWords as t } from './hours-words.ts'
import { beginOf, PAGE, Pager } from './pager.tsx'
import { SKILLS_PATH } from './search.ts'
import { SkillDialog } from './skill-dialog.tsx'
import { isLike } from '../ui/is-like.ts'
import { locale } from '../words/index.ts'

/** What conversations are routed by, and when somebody is there. */
export function SkillsPage() {
  const { accountId } = useParams({ from: SKILLS_PATH })
  const search = useSearch({ from: SKILLS_PATH })
  const navigate = useNavigate({ from: SKILLS_PATH })
  const mayWrite = useMay(accountId, 'account:write')
  const client = useQueryClient()
  const [said, setSaid] = useState('')
  const [writing, setWriting] = useState<Skill | 'new'>()
  const [leaving, setLeaving] = useState<Skill>()
  const query = useQuery({
    queryKey: ['skills', accountId],
    queryFn: () => ask(accountId, listSkills),
  })
  const calendars = useQuery({
    queryKey: ['calendars', accountId],
    queryFn: () => ask(accountId, listCalendars),
  })
  const agents = useAgentsOfSkills(accountId)
  const owners = calendars.data && new Set(calendars.data.calendars.map(({ owner }) => owner))
  const skills = query.data?.skills ?? []
  const found = skills.filter(({ name }) => isLike([name], search.name ?? ''))
  const from = beginOf(search.from, found.length)
  const change = (part: Partial<typeof search>): void =>
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true })
  function close(text: string | undefined): void {
    if (text !== undefined) setSaid(text)
    setWriting(undefined)
    setLeaving(undefined)
    for (const name of ['skills', 'users', 'calendars', 'shift-status']) {
      void client.invalidateQueries({ queryKey: [name, accountId] })
    }
  }
  return (
    <Page
      title={t.title}
      actions={
        mayWrite && (
          <Button kind="primary" onPress={() => setWriting('new')}>
            <Plus aria-hidden size={16} />
            {t.add}
          </Button>
        )
      }
    >
      <p className="faint">{t.intro}</p>
      <p role="status">{said}</p>
      <HoursSection
        accountId={accountId}
        skills={skills}
        calendars={calendars}
        owner={search.hours ?? 'account'}
        onOwner={(owner) => change({ hours: owner === 'account' ? undefined : owner })}
        onSaid={close}
      />
      <h2>{t.skills}</h2>
      {skills.length > 0 && (
        <div className="filters" role="search">
          <FilterField
            label={t.findSkill}
            value={search.name}
            maxLength={100}
            onChange={(name) => change({ name, from: undefined })}
          />
          <Pager from={from} found={found.length} onChange={(next) => change({ from: next })} />
        </div>
      )}
      <Listed
        label={t.skills}
        query={query}
        rowsOf={() => found.slice(from, from + PAGE)}
        keyOf={({ skillId }) => skillId}
        empty={
          skills.length === 0 ? <Empty text={t.none} /> : <p className="empty">{t.noneSuch}</p>
        }
        columns={[
          {
            head: t.skill,
            cell: (skill) => (
              <>
                {mayWrite ? (
                  <button
                    type="button"
                    className="link"
                    aria-label={t.editSkill(skill.name)}
                    onClick={() => setWriting(skill)}
                  >
                    <bdi>{skill.name}</bdi>
                  </button>
                ) : (
                  <strong>
                    <bdi>{skill.name}</bdi>
                  </strong>
                )}
                <span className="faint line">{skill.description}</span>
              </>
            ),
          },
          { head: t.id, cell: ({ skillId }) => <code>{skillId}</code> },
          {
            head: t.agents,
            className: 'number',
            cell: ({ skillId }) =>
              agents ? (agents.get(skillId) ?? 0).toLocaleString(locale) : '…',
          },
          {
            head: t.hours,
            cell: ({ skillId }) =>
              !owners
                ? '…'
                : owners.has(skillId)
                  ? t.own
                  : owners.has('account')
                    ? t.asAccount
                    : t.always,
          },
          {
            head: t.now,
            cell: ({ skillId }) =>
              owners && (
                <HoursStatus
                  accountId={accountId}
                  owner={owners.has(skillId) ? skillId : 'account'}
                />
              ),
          },
          {
            head: operateWords.actions,
            cell: (skill) => (
              <span className="actions">
                <Button
                  kind="quiet"
                  aria-label={t.showHours(skill.name)}
                  onPress={() => change({ hours: skill.skillId })}
                >
                  {t.hours}
                </Button>
                {mayWrite && (
                  <Button
                    kind="quiet"
                    aria-label={`${operateWords.delete} ${skill.name}`}
                    onPress={() => setLeaving(skill)}
                  >
                    {operateWords.delete}
                  </Button>
                )}
              </span>
            ),
          },
        ]}
      />
      {writing && (
        <SkillDialog
          accountId={accountId}
          skill={writing === 'new' ? undefined : writing}
          onClose={close}
        />
      )}
      {leaving && (
        <RemoveDialog
          title={t.deleteTitle(leaving.name)}
          remove={() => ask(accountId, deleteSkill, { params: { skillId: leaving.skillId } })}
          onClose={(isGone) => close(isGone ? t.deleted(leaving.name) : undefined)}
        >
          <p>{t.deleteText}</p>
        </RemoveDialog>
      )}
    </Page>
  )
}

/** How many people and bots have each skill and may log in, as far as it is known. */
function useAgentsOfSkills(accountId: string): ReadonlyMap<string, number> | undefined {
  const { data } = useQuery({
    queryKey: ['users', accountId],
    queryFn: () => ask(accountId, listUsers),
  })
  return useMemo(() => {
    if (!data) return undefined
    const counts = new Map<string, number>()
    for (const { skillIds, enabled } of data.users) {
      if (!enabled) continue
      for (const id of skillIds) counts.set(id, (counts.get(id) ?? 0) + 1)
    }
    return counts
  }, [data])
}
