import { addEnglish } from "..";
import proofs from "../locales/en/proofs.json";

addEnglish("proofs", proofs);
