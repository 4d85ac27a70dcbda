import { inject } from 'vitest'
import { testWalk, walks } from '../support/page-walk.ts'

testWalk(() => inject('appFolder'), walks.requests, { withAzureCli: false })
