import { CircleHelp, Search } from 'lucide-react'
import { useNavigate } from '@tanstack/react-router'
import { Suspense, useState } from 'react'
import { lazyPart } from '../api/lazy-part.ts'
import { useRights } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { words } from '../words/index.ts'
import { PAGE_OF } from './keys.ts'
import { pagesFor } from './pages.ts'
import { useKeys } from './use-keys.ts'

const Palette = lazyPart(() => import('./palette.tsx'), 'Palette')
const PageActions = lazyPart(() => import('./page-actions.tsx'), 'PageActions')
const KeyHelp = lazyPart(() => import('./key-help.tsx'), 'KeyHelp')

/** The keys that every page has, and their buttons in the top bar. */
export function Shortcuts({ accountId }: { accountId: string }) {
  const [open, setOpen] = useState<'palette' | 'actions' | 'help'>()
  const permissions = useRights(accountId)
  const navigate = useNavigate()
  useKeys({
    onGo(letter) {
      const page = pagesFor(permissions).find(({ label }) => label === PAGE_OF[letter])
      if (page) void navigate({ to: page.to, params: { accountId } })
    },
    onPalette: () => setOpen('palette'),
    onActions: () => setOpen('actions'),
    onHelp: () => setOpen('help'),
  })
  const close = () => setOpen(undefined)
  const t = words.shell
  return (
    <>
      <Button kind="quiet" onPress={() => setOpen('palette')}>
        <Search aria-hidden size={16} />
        <span className="search-name">{t.search}</span>
        <kbd aria-hidden>{t.searchKey}</kbd>
      </Button>
      <Button kind="quiet" onPress={() => setOpen('help')} aria-label={t.keys}>
        <CircleHelp aria-hidden size={18} />
      </Button>
      <Suspense>
        {open === 'palette' && <Palette accountId={accountId} onClose={close} />}
        {open === 'actions' && <PageActions onClose={close} />}
        {open === 'help' && <KeyHelp onClose={close} />}
      </Suspense>
    </>
  )
}
