import { testHalf } from './policy-corpus-half.ts'

testHalf(1)
