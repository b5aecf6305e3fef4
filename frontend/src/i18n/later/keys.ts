import { addEnglish } from "..";
import keys from "../locales/en/keys.json";

addEnglish("keys", keys);
