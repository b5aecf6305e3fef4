import { addEnglish } from "..";
import rehearsal from "../locales/en/rehearsal.json";

addEnglish("rehearsal", rehearsal);
