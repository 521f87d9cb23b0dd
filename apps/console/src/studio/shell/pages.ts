import type { Permission } from '@parley/contract'
import {
  Bot,
  Building2,
  CalendarClock,
  ChartLine,
  Clock,
  ClipboardList,
  Code,
  Gauge,
  Globe,
  History,
  House,
  KeyRound,
  LayoutDashboard,
  MessagesSquare,
  ShieldCheck,
  Truck,
  Users,
  Mail,
  MessageSquareText,
  Palette,
  Zap,
  type LucideIcon,
  Play,
  Plug,
  ScrollText,
} from 'lucide-react'
import type { words } from '../words/index.ts'

export interface RailPage {
  to:
    | '/$accountId/functions'
    | '/$accountId/runs'
    | '/$accountId/logs'
    | '/$accountId/metrics'
    | '/$accountId/home'
    | '/$accountId/conversations'
    | '/$accountId/board'
    | '/$accountId/events'
    | '/$accountId/delivery'
    | '/$accountId/schedules'
    | '/$accountId/secrets'
    | '/$accountId/domains'
    | '/$accountId/activity'
    | '/$accountId/audit'
    | '/$accountId/users'
    | '/$accountId/skills'
    | '/$accountId/automatic-messages'
    | '/$accountId/consumer-page'
    | '/$accountId/mail'
    | '/$accountId/limits'
    | '/$accountId/account'
    | '/$accountId/bots'
    | '/$accountId/surveys'
    | '/$accountId/access'
  label:
    | 'functions'
    | 'runs'
    | 'logs'
    | 'metrics'
    | 'home'
    | 'conversations'
    | 'board'
    | 'events'
    | 'delivery'
    | 'schedules'
    | 'secrets'
    | 'domains'
    | 'activity'
    | 'audit'
    | 'users'
    | 'skills'
    | 'automaticMessages'
    | 'consumerLook'
    | 'mail'
    | 'limits'
    | 'ownAccount'
    | 'bots'
    | 'surveys'
    | 'access'
  Icon: LucideIcon
  /** Without this permission the server would refuse what the page shows; absent where it shows what the user may see. */
  needs?: Permission
}

export interface RailGroup {
  /** A group without a name stands first. */
  name?: keyof typeof words.shell.groups | undefined
  pages: readonly RailPage[]
}

/** The pages of the rail. */
export const PAGES: readonly RailGroup[] = [
  { pages: [{ to: '/$accountId/home', label: 'home', Icon: House }] },
  {
    name: 'build',
    pages: [
      { to: '/$accountId/functions', label: 'functions', Icon: Code, needs: 'function:read' },
      { to: '/$accountId/runs', label: 'runs', Icon: Play, needs: 'record:read' },
      { to: '/$accountId/logs', label: 'logs', Icon: ScrollText, needs: 'log:read' },
      { to: '/$accountId/metrics', label: 'metrics', Icon: ChartLine, needs: 'report:read' },
    ],
  },
  {
    name: 'happens',
    pages: [
      {
        to: '/$accountId/conversations',
        label: 'conversations',
        Icon: MessagesSquare,
        needs: 'conversation:read',
      },
      {
        to: '/$accountId/board',
        label: 'board',
        Icon: LayoutDashboard,
        needs: 'conversation:manage',
      },
      { to: '/$accountId/events', label: 'events', Icon: Zap, needs: 'function:read' },
      { to: '/$accountId/delivery', label: 'delivery', Icon: Truck, needs: 'delivery:manage' },
    ],
  },
  {
    name: 'setUp',
    pages: [
      {
        to: '/$accountId/schedules',
        label: 'schedules',
        Icon: CalendarClock,
        needs: 'schedule:read',
      },
      { to: '/$accountId/secrets', label: 'secrets', Icon: KeyRound, needs: 'secret:read' },
      { to: '/$accountId/domains', label: 'domains', Icon: Globe, needs: 'allowlist:read' },
      { to: '/$accountId/activity', label: 'activity', Icon: History, needs: 'function:read' },
      { to: '/$accountId/audit', label: 'audit', Icon: ShieldCheck, needs: 'audit:read' },
    ],
  },
  {
    name: 'administer',
    pages: [
      { to: '/$accountId/account', label: 'ownAccount', Icon: Building2, needs: 'account:read' },
      { to: '/$accountId/users', label: 'users', Icon: Users, needs: 'account:read' },
      { to: '/$accountId/skills', label: 'skills', Icon: Clock, needs: 'account:read' },
      {
        to: '/$accountId/automatic-messages',
        label: 'automaticMessages',
        Icon: MessageSquareText,
        needs: 'account:read',
      },
      {
        to: '/$accountId/consumer-page',
        label: 'consumerLook',
        Icon: Palette,
        needs: 'account:read',
      },
      { to: '/$accountId/mail', label: 'mail', Icon: Mail, needs: 'conversation:read' },
      { to: '/$accountId/limits', label: 'limits', Icon: Gauge, needs: 'account:read' },
      { to: '/$accountId/bots', label: 'bots', Icon: Bot, needs: 'account:read' },
      { to: '/$accountId/surveys', label: 'surveys', Icon: ClipboardList, needs: 'account:read' },
      { to: '/$accountId/access', label: 'access', Icon: Plug, needs: 'account:write' },
    ],
  },
]

/** Those that the user may read. */
export function pagesFor(permissions: readonly Permission[]): RailPage[] {
  return PAGES.flatMap(({ pages }) => pages).filter(
    ({ needs }) => needs === undefined || permissions.includes(needs),
  )
}
