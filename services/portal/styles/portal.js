// What makes GOV.UK's components more comfortable; every page works without it.
import {
  Button,
  Checkboxes,
  ErrorSummary,
  FileUpload,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  Tabs,
  createAll
} from 'govuk-frontend'
import { spreadDigits } from './digits.js'
import { warnOfUnsaved } from './unsaved.js'

for (const Component of [
  Button,
  Checkboxes,
  ErrorSummary,
  FileUpload,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  Tabs
]) {
  createAll(Component)
}

document.querySelectorAll('[data-digits]').forEach(spreadDigits)
document.querySelectorAll('form[data-unsaved]').forEach(warnOfUnsaved)
