import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { I18nProvider } from 'react-aria-components/I18nProvider'
import { queries } from './api/queries.ts'
import { router } from './router.tsx'
import './style/index.css'
import { keepFocus } from './shell/keep-focus.ts'
import { followTheme } from './shell/theme.ts'
import { language, locale } from './words/index.ts'

document.documentElement.lang = language
followTheme()
keepFocus('main h1')
const root = document.querySelector('#console')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <I18nProvider locale={locale}>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </I18nProvider>
    </StrictMode>,
  )
}
