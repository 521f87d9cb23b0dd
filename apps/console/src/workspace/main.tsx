import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { I18nProvider } from 'react-aria-components/I18nProvider'
import { queries } from '../studio/api/queries.ts'
import { keepFocus } from '../studio/shell/keep-focus.ts'
import { followTheme } from '../studio/shell/theme.ts'
import { language, locale } from '../studio/words/index.ts'
import { Workspace } from './view/workspace.tsx'
import './style.css'

document.documentElement.lang = language
followTheme()
keepFocus('.panes > [tabindex]')
const root = document.querySelector('#console')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <I18nProvider locale={locale}>
        <QueryClientProvider client={queries}>
          <Workspace />
        </QueryClientProvider>
      </I18nProvider>
    </StrictMode>,
  )
}
