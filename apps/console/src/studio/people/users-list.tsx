import { listInvitations, type User, USER_ROLES } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { Ban, Bot, CircleCheck, Ellipsis, MailOpen } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import { ask } from '../api/server.ts'
import { useSkills } from '../api/use-names.ts'
import { FilterField } from '../ui/filter-field.tsx'
import { Filter } from '../ui/filter.tsx'
import { PlainTable } from '../ui/plain-table.tsx'
import { operateWords } from '../words/operate.ts'
import { beginOf, PAGE, Pager } from './pager.tsx'
import { USER_STATES, type UsersSearch } from './search.ts'
import type { UserOrder } from './user-order.tsx'
import { welcomeWords } from './welcome-words.ts'
import { peopleWords as t } from './words.ts'
import { isLike } from '../ui/is-like.ts'
import { SkillFilter } from '../ui/skill-filter.tsx'

const SHOWN_SKILLS = 3

interface Props {
  accountId: string
  users: readonly User[]
  search: UsersSearch
  change: (part: Partial<UsersSearch>) => void
  mayWrite: boolean
  onEdit: (user: User) => void
  onOrder: (user: User, kind: UserOrder) => void
}

/** The people and bots of the account, as far as the address wants them. */
export function UsersList(props: Props) {
  const { accountId, users, search, change, mayWrite, onEdit, onOrder } = props
  const names = useSkills(accountId)
  const { data: invited } = useQuery({
    queryKey: ['invitations', accountId],
    queryFn: () => ask(accountId, listInvitations),
    enabled: mayWrite,
  })
  const isInvited = (user: User): boolean =>
    invited?.invitations.some(({ userId }) => userId === user.userId) ?? false
  const found = users.filter((user) => fits(user, search))
  const from = beginOf(search.from, found.length)
  const filter = (part: Partial<UsersSearch>): void => change({ from: undefined, ...part })
  return (
    <>
      <div className="filters" role="search">
        <FilterField
          label={t.search}
          value={search.name}
          maxLength={100}
          onChange={(name) => filter({ name })}
        />
        <Filter
          label={t.role}
          value={USER_ROLES.find((role) => role === search.role)}
          options={USER_ROLES.map((id) => ({ id, name: t.roles[id] }))}
          onChange={(role) => filter({ role })}
        />
        <SkillFilter
          accountId={accountId}
          isHiddenEmpty
          label={t.skill}
          value={search.skill}
          onChange={(skill) => filter({ skill })}
        />
        <Filter
          label={t.state}
          value={search.state}
          options={USER_STATES.map((id) => ({ id, name: t.states[id] }))}
          onChange={(state) => filter({ state })}
        />
        <Pager from={from} found={found.length} onChange={(next) => change({ from: next })} />
      </div>
      {found.length === 0 ? (
        <p className="empty">{t.noneSuch}</p>
      ) : (
        <PlainTable
          label={t.views.people}
          rows={found.slice(from, from + PAGE)}
          keyOf={({ userId }) => userId}
          columns={[
            {
              head: t.name,
              cell: (user) => (
                <>
                  {mayWrite ? (
                    <button
                      type="button"
                      className="link"
                      aria-label={t.edit(user.nickname)}
                      onClick={() => onEdit(user)}
                    >
                      <bdi>{user.nickname}</bdi>
                    </button>
                  ) : (
                    <strong>
                      <bdi>{user.nickname}</bdi>
                    </strong>
                  )}
                  <span className="faint line">
                    <bdi>{user.loginName}</bdi>
                    {user.email !== undefined && <bdi> · {user.email}</bdi>}
                  </span>
                </>
              ),
            },
            {
              head: t.role,
              cell: ({ role, profiles }) => (
                <>
                  {t.roles[role]}
                  <span className="faint line">
                    {profiles.map((one) => t.profileNames[one]).join(', ')}
                  </span>
                </>
              ),
            },
            {
              head: t.skills,
              cell: ({ skillIds }) => skillsText(skillIds.map(names.skillName)),
            },
            { head: t.slots, className: 'number', cell: ({ maxSlots }) => maxSlots },
            {
              head: t.state,
              cell: (user) => <UserState user={user} isInvited={isInvited(user)} />,
            },
            {
              head: operateWords.actions,
              isHidden: !mayWrite,
              cell: (user) => (
                <UserMenu
                  user={user}
                  isInvited={isInvited(user)}
                  onOrder={(kind) => onOrder(user, kind)}
                />
              ),
            },
          ]}
        />
      )}
    </>
  )
}

function fits(user: User, { name, role, skill, state }: UsersSearch): boolean {
  const texts = [user.nickname, user.loginName, user.fullName, user.email ?? '', user.userId]
  return (
    isLike(texts, name ?? '') &&
    (role === undefined || user.role === role) &&
    (skill === undefined || user.skillIds.includes(skill)) &&
    (state === undefined ||
      (state === 'bot' ? user.kind === 'bot' : user.enabled === (state === 'enabled')))
  )
}

function skillsText(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN_SKILLS).join(', ')
  const more = names.length - SHOWN_SKILLS
  return more > 0 ? `${shown} +${more}` : shown
}

interface OfUser {
  user: User
  isInvited: boolean
}

function UserState({ user: { enabled, kind }, isInvited }: OfUser) {
  return (
    <>
      <span className={`chip ${enabled ? 'good' : 'warn'}`}>
        {enabled ? <CircleCheck aria-hidden size={14} /> : <Ban aria-hidden size={14} />}
        {enabled ? t.enabled : t.disabled}
      </span>{' '}
      {isInvited && (
        <span className="chip">
          <MailOpen aria-hidden size={14} />
          {welcomeWords.invited}
        </span>
      )}
      {kind === 'bot' && (
        <span className="chip">
          <Bot aria-hidden size={14} />
          {t.bot}
        </span>
      )}
    </>
  )
}

function UserMenu({ user, isInvited, onOrder }: OfUser & { onOrder: (kind: UserOrder) => void }) {
  return (
    <MenuTrigger>
      <Button className="button quiet" aria-label={t.more(user.nickname)}>
        <Ellipsis aria-hidden size={16} />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="list-box" aria-label={t.more(user.nickname)}>
          {user.kind === 'human' && user.enabled && (
            <MenuItem onAction={() => onOrder('invite')}>{t.invite}</MenuItem>
          )}
          {isInvited && <MenuItem onAction={() => onOrder('uninvite')}>{t.uninvite}</MenuItem>}
          <MenuItem onAction={() => onOrder('password')}>{t.setPassword}</MenuItem>
          <MenuItem onAction={() => onOrder('log-out')}>{t.logOut}</MenuItem>
          <MenuItem onAction={() => onOrder(user.enabled ? 'disable' : 'enable')}>
            {user.enabled ? t.disable : t.enable}
          </MenuItem>
          <MenuItem onAction={() => onOrder('delete')}>{operateWords.delete}</MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
