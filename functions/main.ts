// The entry of the bundle: each import registers its functions.
import './app-start.hook.ts'
import './connection-event.event-grid.ts'
import './finish-open-work.timer.ts'
import './health.http.ts'
import './judge-again.timer.ts'
import './review-poison.storage-queue.ts'
import './review.storage-queue.ts'
import './sweep.timer.ts'
