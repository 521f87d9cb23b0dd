import { closeSession } from '@parley/contract'
import { CircleUser } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import { Header } from 'react-aria-components/Header'
import { Menu, MenuItem, MenuSection, MenuTrigger } from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import { ask } from '../api/server.ts'
import { session, type SignedIn } from '../session/session.ts'
import { type Language, language, speak, words } from '../words/index.ts'
import { accountName } from './account-label.tsx'
import { choose, theme, THEMES } from './theme.ts'

const LANGUAGES: Record<Language, string> = { en: 'English', de: 'Deutsch' }

/** Where this page is for another account. The workspace has the menu, too, and no routes. */
function placeOf(accountId: string): string {
  const id = encodeURIComponent(accountId)
  return location.pathname.startsWith('/workspace') ? `/workspace/${id}` : `/console/${id}/home`
}

/** Look, language, other accounts, and the way out. */
export function UserMenu({ accountId, bearer, loginName }: SignedIn) {
  // The session ends here even where the server cannot be told: it would end there by itself.
  const signOut = () =>
    void ask(accountId, closeSession)
      .catch(() => undefined)
      .finally(() => session.end(accountId, bearer))
  return (
    <MenuTrigger>
      <Button className="button quiet" aria-label={words.shell.menu(loginName)}>
        <CircleUser aria-hidden size={18} />
        <span className="login-name">{loginName}</span>
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="list-box">
          <MenuSection
            selectionMode="single"
            selectedKeys={[theme()]}
            onSelectionChange={(keys) => {
              const next = THEMES.find((name) => keys !== 'all' && keys.has(name))
              if (next) choose(next)
            }}
          >
            <Header>{words.shell.theme}</Header>
            {THEMES.map((name) => (
              <MenuItem key={name} id={name}>
                {words.shell.themes[name]}
              </MenuItem>
            ))}
          </MenuSection>
          <MenuSection
            selectionMode="single"
            selectedKeys={[language]}
            onSelectionChange={(keys) => {
              for (const next of ['en', 'de'] as const)
                if (keys !== 'all' && keys.has(next)) speak(next)
            }}
          >
            <Header>{words.shell.language}</Header>
            {(['en', 'de'] as const).map((name) => (
              <MenuItem key={name} id={name}>
                {LANGUAGES[name]}
              </MenuItem>
            ))}
          </MenuSection>
          <MenuSection>
            <Header>{words.shell.accounts}</Header>
            {session
              .accounts()
              .filter((other) => other !== accountId)
              .map((other) => (
                <MenuItem
                  key={other}
                  id={`account ${other}`}
                  onAction={() => location.assign(placeOf(other))}
                >
                  {accountName(other)}
                </MenuItem>
              ))}
            <MenuItem id="another" onAction={() => location.assign('/console?another=true')}>
              {words.shell.another}
            </MenuItem>
          </MenuSection>
          <MenuItem id="out" onAction={signOut}>
            {words.signIn.out}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
